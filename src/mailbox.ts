import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startMailbox } from './channels/mailbox/startMailbox.ts';
import { readConfig } from './config.ts';
import { localUrl } from './domain/localUrl.ts';
import { createLog } from './log.ts';
import { runUntilStopped } from './runUntilStopped.ts';

/** Runs the mailbox alone until a signal: `repoint mailbox`. It signs what it tells the API with the first access key. */
export function runMailboxProcess(env: Record<string, string | undefined>): Promise<void> {
  return runUntilStopped(async () => {
    const config = readConfig(env);
    const log = createLog(config.REPOINT_LOG_LEVEL);
    const [key] = config.REPOINT_ACCESS_KEYS;
    await mkdir(config.REPOINT_DATA_DIR, { recursive: true });
    const mailbox = await startMailbox({
      host: config.REPOINT_HOST,
      port: config.REPOINT_MAILBOX_PORT,
      dataFile: path.join(config.REPOINT_DATA_DIR, 'mailbox.jsonl'),
      apiUrl: config.REPOINT_API_URL ?? localUrl(config.REPOINT_HOST, config.REPOINT_PORT),
      log,
      ...(key === undefined ? {} : { credentials: { accessKeyId: key[0], secretAccessKey: key[1] } }),
    });
    log.info({ url: mailbox.url }, 'mailbox is up');
    return {
      stop: async () => {
        await mailbox.settled();
        await mailbox.close();
        log.info('mailbox has stopped');
      },
    };
  });
}
