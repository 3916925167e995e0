import { type Problem, RepointError } from '../domain/errors.ts';
import { compileText, type Escaping } from './compile.ts';
import { type TextPart, textParts } from './texts.ts';

/**
 * Compiles every text of a template.
 * @returns a problem for each that does not compile: the part's path and Handlebars' message
 */
export function compileProblems(document: object): Problem[] {
  return textParts(document).flatMap(textProblems);
}

function textProblems({ source, path }: TextPart): Problem[] {
  const escaping: Escaping = path === 'HtmlPart' ? 'html' : 'text';
  try {
    compileText(source, escaping);
    return [];
  } catch (error) {
    if (error instanceof RepointError) return [{ path, message: error.message }];
    throw error;
  }
}
