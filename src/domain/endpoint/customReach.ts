import { pushChannelTypes } from '../channel.ts';

/** The channel types that a custom channel with these EndpointTypes is for: CUSTOM where none is named; PUSH is all of push. */
export function customReach(endpointTypes: readonly string[] = []): readonly string[] {
  if (endpointTypes.length === 0) return ['CUSTOM'];
  return endpointTypes.flatMap((type) => (type === 'PUSH' ? [type, ...pushChannelTypes] : [type]));
}
