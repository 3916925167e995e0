import { parseDuration } from '../duration.ts';
import { parseInstant } from '../instant.ts';
import { checkCustomData, checkDeliveryUri } from './checkCustomChannel.ts';
import type { Activity, ActivityKind, CustomActivity, WaitTime } from './document.ts';
import { activityKinds } from './document.ts';
import { type Finding, finding } from './finding.ts';
import { kindsOf } from './steps.ts';

const always = finding('always');
const warning = finding('warning');

type Check = (path: string, activity: Activity) => Finding[];

const checks: Readonly<Record<ActivityKind, Check>> = {
  EMAIL: (path, { EMAIL }) => checkTemplate(path, EMAIL?.TemplateName),
  SMS: (path, { SMS }) => checkTemplate(path, SMS?.TemplateName),
  PUSH: (path, { PUSH }) => [
    ...checkTemplate(path, PUSH?.TemplateName),
    ...checkTimeToLive(`${path}.MessageConfig.TimeToLive`, PUSH?.MessageConfig?.TimeToLive),
  ],
  Wait: (path, { Wait }) => checkWaitTime(`${path}.WaitTime`, Wait?.WaitTime ?? {}),
  ConditionalSplit: (path, { ConditionalSplit }) =>
    checkEvaluation(`${path}.EvaluationWaitTime`, ConditionalSplit?.EvaluationWaitTime),
  MultiCondition: (path, { MultiCondition }) =>
    checkEvaluation(`${path}.EvaluationWaitTime`, MultiCondition?.EvaluationWaitTime),
  RandomSplit: (path, { RandomSplit }) =>
    checkShares(
      `${path}.Branches`,
      (RandomSplit?.Branches ?? []).map((branch) => branch.Percentage),
    ),
  Holdout: (path, { Holdout }) => checkHoldout(`${path}.Percentage`, Holdout?.Percentage),
  CUSTOM: (path, { CUSTOM }) => checkCustom(path, CUSTOM ?? {}),
  ContactCenter: (path) => [
    warning(path, 'there is no contact center here; the step is recorded as skipped and nobody is called'),
  ],
};

/** What is wrong with one step by itself: its kind, template, durations and shares. */
export function checkActivity(id: string, activity: Activity): Finding[] {
  const kinds = kindsOf(activity);
  const path = `Activities.${id}`;
  const several = always(path, `has ${kinds.join(' and ')}; one of ${activityKinds.join(', ')}`);
  return [
    ...(kinds.length > 1 ? [several] : []),
    ...kinds.flatMap((kind) => checks[kind](`${path}.${kind}`, activity)),
  ];
}

function checkTemplate(path: string, name: string | undefined): Finding[] {
  if (name !== undefined && name !== '') return [];
  return [always(`${path}.TemplateName`, 'missing; name the message template to send')];
}

function checkCustom(path: string, activity: CustomActivity): Finding[] {
  const template =
    'custom channels have no templates, so it does nothing; what is sent is MessageConfig.Data';
  return [
    ...checkDeliveryUri(`${path}.DeliveryUri`, activity.DeliveryUri ?? ''),
    ...checkCustomData(`${path}.MessageConfig.Data`, activity.MessageConfig?.Data),
    ...(activity.TemplateName ? [warning(`${path}.TemplateName`, template)] : []),
  ];
}

/** Seconds: FCM refuses a message that is to live longer. */
const LONGEST_TO_LIVE = 2_419_200;

function checkTimeToLive(path: string, seconds: string | undefined): Finding[] {
  if (seconds === undefined || (/^\d{1,7}$/.test(seconds) && Number(seconds) <= LONGEST_TO_LIVE)) return [];
  const allowed = `a whole number of seconds from 0 to ${LONGEST_TO_LIVE} (28 days), such as "86400"`;
  return [always(path, `"${seconds}" is not ${allowed}`)];
}

function checkEvaluation(path: string, time: WaitTime | undefined): Finding[] {
  if (time !== undefined) return checkWaitTime(path, time);
  return [warning(path, 'missing; the split is judged the moment a participant reaches it')];
}

function checkWaitTime(path: string, { WaitFor, WaitUntil }: WaitTime): Finding[] {
  if ((WaitFor === undefined) === (WaitUntil === undefined)) {
    const given =
      WaitFor === undefined ? 'has neither WaitFor nor WaitUntil' : 'has both WaitFor and WaitUntil';
    return [always(path, `${given}; write one of them`)];
  }
  return [...checkDuration(`${path}.WaitFor`, WaitFor), ...checkInstant(`${path}.WaitUntil`, WaitUntil)];
}

/** A duration that stands somewhere in a document; absent is fine. */
export function checkDuration(path: string, text: string | undefined): Finding[] {
  const duration = text === undefined ? undefined : parseDuration(text);
  return duration !== undefined && 'problem' in duration ? [always(path, duration.problem)] : [];
}

function checkInstant(path: string, text: string | undefined): Finding[] {
  const instant = text === undefined ? undefined : parseInstant(text);
  return instant !== undefined && 'problem' in instant ? [always(path, instant.problem)] : [];
}

function checkShares(path: string, shares: readonly (number | undefined)[]): Finding[] {
  if (shares.length < 2 || shares.length > 5) {
    return [always(path, `${shares.length} branches; a random split has 2 to 5`)];
  }
  const wrong = shares.flatMap((share, i) =>
    Number.isInteger(share) && Number(share) > 0
      ? []
      : [always(`${path}[${i}].Percentage`, `${share ?? 'missing'}; write a whole number above 0`)],
  );
  const sum = shares.reduce((total: number, share) => total + (share ?? 0), 0);
  if (wrong.length > 0 || sum === 100) return wrong;
  return [always(path, `the percentages add up to ${sum}, not to 100`)];
}

function checkHoldout(path: string, share: number | undefined): Finding[] {
  if (Number.isInteger(share) && Number(share) >= 0 && Number(share) <= 100) return [];
  return [always(path, `${share ?? 'missing'}; write a whole number from 0 to 100`)];
}
