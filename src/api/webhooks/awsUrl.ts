/** In AWS's public partitions, those of China and of the European Sovereign Cloud included. */
const snsHost = /^sns\.[a-z]{2,4}(-[a-z]+)+-\d+\.amazonaws\.(com|com\.cn|eu)$/;

/** A URL at SNS itself, over https and with nothing beside host, path and query; else null. */
export function snsUrl(text: string | undefined): URL | null {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== 'https:' || !snsHost.test(url.hostname)) return null;
  return url.port === '' && url.username === '' && url.password === '' ? url : null;
}

/** Where SNS keeps its signing certificates; else null. */
export function certificateUrl(text: string): URL | null {
  const url = snsUrl(text);
  if (url === null || url.search !== '') return null;
  return /^\/SimpleNotificationService-[0-9A-Za-z]+\.pem$/.test(url.pathname) ? url : null;
}
