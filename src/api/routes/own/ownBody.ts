import type { Context } from 'hono';
import type { z } from 'zod';
import { parseBody } from '../../../contract/json.ts';
import { parseWith } from '../../../contract/zodProblems.ts';

/**
 * The body of one of our own requests, whatever its content type.
 * @throws RepointError BadRequest with every problem found
 */
export async function ownBody<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  return parseWith(schema, parseBody(new Uint8Array(await context.req.arrayBuffer())));
}
