import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MailboxMessage, MailboxStatus } from './message.ts';

type Line =
  | { readonly message: MailboxMessage }
  | { readonly statusOf: string; readonly status: MailboxStatus };

/** What was sent, in memory and in an append-only file, one JSON object a line. */
export interface MessageStore {
  /** Newest last. */
  list(): readonly MailboxMessage[];
  find(id: string): MailboxMessage | undefined;
  /** Resolves when the message is in the file. */
  add(message: MailboxMessage): Promise<void>;
  setStatus(id: string, status: MailboxStatus): Promise<void>;
  clear(): Promise<void>;
}

/** Opens the file, made when missing; a last line cut short by a crash is dropped. */
export async function openMessageStore(file: string): Promise<MessageStore> {
  await mkdir(path.dirname(file), { recursive: true });
  const messages = await load(file);
  let writing: Promise<void> = Promise.resolve();
  // One write at a time, in order; a failed one is its caller's and does not stop those behind it.
  const write = (work: () => Promise<void>): Promise<void> => {
    const done = writing.then(work);
    writing = done.catch(() => {});
    return done;
  };
  return {
    list: () => [...messages.values()],
    find: (id) => messages.get(id),
    add: async (message) => {
      messages.set(message.id, message);
      await write(() => append(file, { message }));
    },
    setStatus: async (id, status) => {
      if (!apply(messages, { statusOf: id, status })) return;
      await write(() => append(file, { statusOf: id, status }));
    },
    clear: async () => {
      messages.clear();
      await write(() => writeFile(file, ''));
    },
  };
}

async function load(file: string): Promise<Map<string, MailboxMessage>> {
  const messages = new Map<string, MailboxMessage>();
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const end = text.lastIndexOf('\n') + 1;
  for (const line of text.slice(0, end).split('\n')) {
    if (line !== '') apply(messages, JSON.parse(line) as Line);
  }
  if (end !== text.length || text === '') await writeFile(file, text.slice(0, end));
  return messages;
}

function apply(messages: Map<string, MailboxMessage>, line: Line): boolean {
  if ('message' in line) {
    messages.set(line.message.id, line.message);
    return true;
  }
  const message = messages.get(line.statusOf);
  if (message === undefined) return false;
  messages.set(message.id, { ...message, status: line.status });
  return true;
}

function append(file: string, line: Line): Promise<void> {
  return appendFile(file, `${JSON.stringify(line)}\n`);
}
