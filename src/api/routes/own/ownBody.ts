import type { Context } from 'hono';
import type { z } from 'zod';
import { parseBody } from '../../../contract/jsonBody.ts';
import { zodProblems } from '../../../contract/zodProblems.ts';
import { badRequest } from '../../../domain/errors.ts';

/**
 * The body of one of our own requests, whatever its content type.
 * @throws RepointError BadRequest with every problem found
 */
export async function ownBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const document = parseBody(new Uint8Array(await context.req.arrayBuffer()));
  const parsed = schema.safeParse(document, { reportInput: true });
  if (!parsed.success) throw badRequest(zodProblems(parsed.error));
  return parsed.data;
}
