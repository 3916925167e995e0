import { type Problem, RepointError } from '../domain/errors.ts';
import { compileText, type Escaping } from './compile.ts';

/** Members whose text is no template: codes, names and the author's own settings. */
const plainMembers = new Set(['Action', 'Sound', 'DefaultSubstitutions', 'TemplateDescription', 'Name']);

/**
 * Compiles every text of a template.
 * @returns a problem for each that does not compile: the part's path and Handlebars' message
 */
export function compileProblems(document: object): Problem[] {
  return partProblems(document, '');
}

function partProblems(part: unknown, path: string): Problem[] {
  if (typeof part === 'string') return textProblems(part, path);
  if (Array.isArray(part)) return part.flatMap((item, index) => partProblems(item, `${path}[${index}]`));
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, member]) =>
    plainMembers.has(name) ? [] : partProblems(member, path === '' ? name : `${path}.${name}`),
  );
}

function textProblems(source: string, path: string): Problem[] {
  const escaping: Escaping = path === 'HtmlPart' ? 'html' : 'text';
  try {
    compileText(source, escaping);
    return [];
  } catch (error) {
    if (error instanceof RepointError) return [{ path, message: error.message }];
    throw error;
  }
}
