import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { z } from 'zod';
import { parsedJson } from '../../domain/parsedJson.ts';

export type MailboxBindings = { Bindings: HttpBindings };
export type MailboxContext = Context<MailboxBindings>;

/** An error in the form of AWS's REST services. */
export function awsError(
  context: MailboxContext,
  status: 400 | 404 | 429,
  code: string,
  message: string,
): Response {
  return context.json({ message, Message: message }, status, { 'x-amzn-ErrorType': code });
}

/** The request's JSON, read by a schema; or the 400 to answer. The content type does not matter. */
export async function readBody<S extends z.ZodType>(
  context: MailboxContext,
  schema: S,
): Promise<{ body: z.infer<S> } | { refusal: Response }> {
  const text = await context.req.text();
  const parsed = schema.safeParse(text === '' ? {} : parsedJson(text));
  if (parsed.success) return { body: parsed.data };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return { refusal: awsError(context, 400, 'BadRequestException', problems.join('; ')) };
}
