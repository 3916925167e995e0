import type { Activity, SimpleCondition } from '@aws-sdk/client-pinpoint';
import { push, welcome } from './splits.ts';

/** A step of a custom channel. */
export function custom(
  DeliveryUri: string,
  EndpointTypes: NonNullable<Activity['CUSTOM']>['EndpointTypes'],
  next?: string,
) {
  const CUSTOM = { DeliveryUri, EndpointTypes, MessageConfig: { Data: 'ask' }, NextActivity: next };
  return { CUSTOM } satisfies Activity;
}

const answered = (...Values: string[]): SimpleCondition => ({
  EventCondition: {
    MessageActivity: 'Hook',
    Dimensions: { Attributes: { Answer: { AttributeType: 'INCLUSIVE', Values } } },
  },
});

/** Asks a custom channel and goes by its answer, at once. */
export const asking = (deliveryUri: string): Record<string, Activity> => ({
  Hook: custom(deliveryUri, ['EMAIL', 'APNS'], 'Check'),
  Check: {
    MultiCondition: {
      Branches: [
        { Condition: answered('yes'), NextActivity: 'Yes' },
        { Condition: answered('no'), NextActivity: 'No' },
      ],
      DefaultActivity: 'Silent',
    },
  },
  Yes: welcome(),
  No: push(),
  Silent: welcome(),
});
