import type { Problem } from '../domain/errors.ts';
import { shown } from './text.ts';

/** What is wrong with the RoleArn of a request; nothing where it has the form of one. */
export function roleProblems(role: string): Problem[] {
  if (/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/.test(role)) return [];
  return [
    {
      path: 'RoleArn',
      message: `must be of the form arn:aws:iam::123456789012:role/Name; given ${shown(role)}`,
    },
  ];
}
