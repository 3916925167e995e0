/** What somebody sees who follows an unsubscribe link. */
export type UnsubscribePage = 'ask' | 'done' | 'unknown' | 'unclear';

const insides: Record<UnsubscribePage, { readonly title: string; readonly body: string }> = {
  ask: {
    title: 'Unsubscribe',
    body: `<p>Do you want no more of these messages?</p>
<form method="post"><button name="answer" value="unsubscribe">Unsubscribe</button></form>`,
  },
  done: { title: 'Unsubscribed', body: '<p>You will get no more of these messages.</p>' },
  unknown: {
    title: 'This link is not valid',
    body: '<p>It may be cut off, or too old. Please use the link of a newer message.</p>',
  },
  unclear: {
    title: 'Nothing has changed',
    body: `<p>The request did not say what to do. A mail program sends the form List-Unsubscribe=One-Click (RFC 8058);
to unsubscribe yourself, open the link and press the button.</p>`,
  },
};

/** A page without scripts, pictures or anything of the person; the form goes to the page's own address. */
export function unsubscribePage(page: UnsubscribePage): string {
  const { title, body } = insides[page];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:15vh auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}</style>
</head><body><h1>${title}</h1>${body}</body></html>
`;
}
