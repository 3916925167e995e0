import { compile } from 'html-to-text';

/** Of a longer HTML part no text is made: it would take too long for each recipient. Gmail shows half of this. */
const LENGTH_MAX = 200_000;

const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: LENGTH_MAX, maxDepth: 100, maxChildNodes: 10_000 },
  formatters: {
    words: ({ attribs: { alt = '' } }, _, builder) => builder.addInline(alt),
  },
  selectors: [
    { selector: 'img', format: 'words' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** The text part of an e-mail that has only HTML: undefined where there is nothing to read in it. */
export function plainTextOf(html: string): string | undefined {
  if (html.length > LENGTH_MAX) return undefined;
  return convert(html).trim() || undefined;
}
