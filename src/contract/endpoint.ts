import { z } from 'zod';
import { defined } from '../domain/defined.ts';
import { channelTypes, demographicFields, type EndpointChange } from '../domain/endpoint/endpoint.ts';
import { degrees, instant, namedValues, ownName } from './fields.ts';
import { parseWith } from './zodProblems.ts';

/** Pinpoint's quotas on custom attributes and metrics. */
const LONGEST_VALUE = 100;
const MOST_VALUES = 50;
/** Of ids and addresses, so that they fit the indexes of Postgres and the ids and search attributes of Temporal. */
const LONGEST_ID = 255;
const LARGEST_ID_BYTES = 600;
export const LARGEST_ADDRESS_BYTES = 2000;

const lists = namedValues(
  ownName,
  z
    .array(z.string().max(LONGEST_VALUE, `must have at most ${LONGEST_VALUE} characters`))
    .max(MOST_VALUES, `must have at most ${MOST_VALUES} values`),
);

/** Values of the contract, which may be quoted; the rest of an endpoint is personal. */
const word = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, {
    error: ({ input }) => `must be one of ${words.join(', ')}; given ${JSON.stringify(input)?.slice(0, 60)}`,
  });

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

const id = z
  .string()
  .max(LONGEST_ID, `must have at most ${LONGEST_ID} characters`)
  .refine(
    (text) => bytesOf(text) <= LARGEST_ID_BYTES,
    `must have at most ${LARGEST_ID_BYTES} bytes in UTF-8`,
  );

const endpointId = id.min(1, 'must not be empty');

const endpointRequest = z
  .object({
    Address: z
      .string()
      .refine(
        (text) => bytesOf(text) <= LARGEST_ADDRESS_BYTES,
        `must have at most ${LARGEST_ADDRESS_BYTES} bytes`,
      )
      .optional(),
    ChannelType: word(channelTypes).optional(),
    EndpointStatus: word(['ACTIVE', 'INACTIVE']).optional(),
    OptOut: word(['ALL', 'NONE']).optional(),
    Attributes: lists.optional(),
    Metrics: namedValues(ownName, z.number()).optional(),
    Demographic: z
      .object(Object.fromEntries(demographicFields.map((field) => [field, z.string().optional()])))
      .optional(),
    Location: z
      .object({
        City: z.string().optional(),
        Country: z.string().optional(),
        Latitude: degrees(90).optional(),
        Longitude: degrees(180).optional(),
        PostalCode: z.string().optional(),
        Region: z.string().optional(),
      })
      .optional(),
    EffectiveDate: instant.optional(),
    RequestId: z.string().optional(),
    User: z.object({ UserId: id.optional(), UserAttributes: lists.optional() }).optional(),
  })
  .transform(
    (request): EndpointChange =>
      defined({
        // Clients clear an address by an empty text as they do a user.
        address: request.Address === '' ? undefined : request.Address,
        channelType: request.ChannelType,
        status: request.EndpointStatus,
        optOut: request.OptOut,
        attributes: request.Attributes,
        metrics: request.Metrics,
        demographic: request.Demographic && defined(request.Demographic),
        location: request.Location && defined(request.Location),
        effectiveDate: request.EffectiveDate,
        requestId: request.RequestId,
        userId: request.User?.UserId === '' ? null : request.User?.UserId,
        userAttributes: request.User?.UserAttributes,
      }),
  );

/**
 * Checks an EndpointRequest, or the like part of a batch, an event or an import line. An empty UserId means that the
 * endpoint leaves its user.
 * @param options.path where the endpoint stands in the request; '' for its root
 * @throws RepointError BadRequest with every problem; values of endpoints are personal and not quoted
 */
export function parseEndpoint(request: unknown, options: { readonly path?: string } = {}): EndpointChange {
  return parseWith(endpointRequest, request, options.path, { quote: false });
}

/** Checks an endpoint's own id. @throws RepointError BadRequest for one that is empty or too long */
export function parseEndpointId(text: unknown, path = 'EndpointId'): string {
  return parseWith(endpointId, text, path, { quote: false });
}
