import { z } from 'zod';
import { badRequest, type Problem } from '../domain/errors.ts';
import {
  type SuppressedAddress,
  type SuppressionReason,
  suppressedForm,
  suppressionReasons,
} from '../domain/suppression.ts';
import { readJson } from './json.ts';
import { shown } from './text.ts';

/** One address of a file, as it is written there; `since` null where the file does not tell. */
export interface FiledSuppression extends SuppressedAddress {
  readonly reason: SuppressionReason;
  readonly since: Date | null;
}

const instant = z.union([z.number(), z.string()]).nullish();
const fromSes = z.object({
  SuppressedDestinationSummaries: z.array(
    z.looseObject({ EmailAddress: z.string(), Reason: z.string(), LastUpdateTime: instant }),
  ),
});
const fromSmsVoice = z.object({
  OptedOutNumbers: z.array(z.looseObject({ OptedOutNumber: z.string(), OptedOutTimestamp: instant })),
});

const pageOfMore = z.looseObject({ NextToken: z.string().min(1) });

interface Row {
  readonly path: string;
  readonly cells: readonly string[];
}

const mostProblems = 100;

/**
 * Reads a file of addresses: what `aws sesv2 list-suppressed-destinations` or `aws pinpoint-sms-voice-v2
 * describe-opted-out-numbers` printed, or a line for each: `address`, `address,REASON` (as SES's own import and export have
 * it) or `address,REASON,time`. A first line of titles and empty lines are passed over.
 * @throws RepointError BadRequest with every problem, up to a hundred
 */
export function parseSuppressionFile(text: string): FiledSuppression[] {
  const problems: Problem[] = [];
  const rows = text.trimStart().startsWith('{') ? jsonRows(text) : lines(text);
  const read = rows.flatMap((row) => readRow(row, problems) ?? []);
  if (problems.length > mostProblems) {
    const rest = { path: 'file', message: `${problems.length - mostProblems} more problems` };
    throw badRequest([...problems.slice(0, mostProblems), rest]);
  }
  if (problems.length > 0) throw badRequest(problems);
  return read;
}

/** Whether a file is what AWS's command line printed as one of several pages: it prints no more of SES's list than one. */
export function isOneOfSeveralPages(text: string): boolean {
  return pageOfMore.safeParse(readJson(text)).success;
}

function jsonRows(text: string): Row[] {
  const json = readJson(text);
  const emails = fromSes.safeParse(json).data?.SuppressedDestinationSummaries;
  if (emails) {
    return emails.map(({ EmailAddress, Reason, LastUpdateTime }, index) => ({
      path: `SuppressedDestinationSummaries[${index}]`,
      cells: [EmailAddress, Reason, timeText(LastUpdateTime)],
    }));
  }
  const numbers = fromSmsVoice.safeParse(json).data?.OptedOutNumbers;
  if (numbers) {
    return numbers.map(({ OptedOutNumber, OptedOutTimestamp }, index) => ({
      path: `OptedOutNumbers[${index}]`,
      cells: [OptedOutNumber, 'OPT_OUT', timeText(OptedOutTimestamp)],
    }));
  }
  const message = 'JSON, but neither SuppressedDestinationSummaries nor OptedOutNumbers are in it';
  throw badRequest([{ path: 'file', message }]);
}

/** AWS's command line prints seconds, or ISO 8601, as it is set up. */
function timeText(given: z.infer<typeof instant>): string {
  if (given === null || given === undefined) return '';
  return typeof given === 'number' ? new Date(given * 1000).toISOString() : given;
}

function lines(text: string): Row[] {
  const rows = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({
      path: `line ${index + 1}`,
      cells: line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [first] = rows;
  return first && channelOf(first.cells[0] ?? '') === null && /[a-z]/i.test(first.cells[0] ?? '')
    ? rows.slice(1)
    : rows;
}

function channelOf(address: string): 'EMAIL' | 'SMS' | null {
  if (/^\S+@\S+$/.test(address)) return 'EMAIL';
  return /^\+?[\d\s().-]+$/.test(address) && address.replace(/\D/g, '').length >= 5 ? 'SMS' : null;
}

function readRow({ path, cells }: Row, problems: Problem[]): FiledSuppression | null {
  const [address = '', given = '', time = ''] = cells;
  const channel = channelOf(address);
  const reason = reasonOf(given, channel);
  const since = time === '' ? null : new Date(time);
  const found = [
    channel === null && `${shown(address)} is no e-mail address and no phone number`,
    reason === undefined && `${shown(given)}: the reason must be one of ${suppressionReasons.join(', ')}`,
    since !== null && Number.isNaN(since.getTime()) && `${shown(time)} is no time`,
  ].filter((message) => message !== false);
  problems.push(...found.map((message) => ({ path, message })));
  if (channel === null || reason === undefined || found.length > 0) return null;
  return { channel, address, reason, since };
}

function reasonOf(given: string, channel: 'EMAIL' | 'SMS' | null): SuppressionReason | undefined {
  if (given === '') return channel === 'SMS' ? 'OPT_OUT' : 'MANUAL';
  return suppressionReasons.find((reason) => reason === given.toUpperCase());
}

/**
 * Reads an address as the command line takes it.
 * @throws RepointError BadRequest when it is neither an e-mail address nor a phone number
 */
export function parseSuppressedAddress(given: string): SuppressedAddress {
  const channel = channelOf(given);
  const form = channel && suppressedForm(channel, given);
  if (form) return form;
  throw badRequest([
    { path: 'address', message: `${shown(given)} is no e-mail address and no phone number` },
  ]);
}
