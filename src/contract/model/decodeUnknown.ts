import type { Problem } from '../../domain/errors.ts';
import { textProblem } from '../text.ts';

const deepest = 32;

/** A value the model does not describe, checked only for what could not be stored. */
export function decodeUnknown(value: unknown, path: string, problems: Problem[], depth = 0): unknown {
  if (typeof value === 'string') return checked(value, path, problems);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    problems.push({ path, message: 'must be a finite number' });
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) {
    problems.push({ path, message: `must not be nested deeper than ${deepest} levels` });
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => decodeUnknown(item, `${path}[${index}]`, problems, depth + 1));
  }
  const decoded: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) {
    const itemPath = `${path}.${key}`;
    checked(key, itemPath.toWellFormed(), problems);
    decoded[key] = decodeUnknown(item, itemPath, problems, depth + 1);
  }
  return decoded;
}

function checked(text: string, path: string, problems: Problem[]): string {
  const fault = textProblem(text);
  if (fault !== undefined) problems.push({ path, message: fault });
  return text;
}
