import type { Problem } from '../errors.ts';

/**
 * Something to say about a journey document.
 * - always: wrong, refused even as a draft
 * - publish: a draft may stand so, publishing is refused
 * - warning: runs, but perhaps not as meant
 */
export interface Finding extends Problem {
  readonly severity: 'always' | 'publish' | 'warning';
}

/** Makes a finding's constructor for one severity. */
export const finding =
  (severity: Finding['severity']) =>
  (path: string, message: string): Finding => ({ severity, path, message });
