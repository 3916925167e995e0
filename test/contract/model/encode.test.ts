import { expect, it } from 'vitest';
import { encodeOutput } from '../../../src/contract/model/encode.ts';
import { operationNamed } from '../../../src/contract/model/operations.ts';

it('writes the payload as the whole body, only its declared members, dates as ISO 8601', () => {
  const response = encodeOutput(operationNamed('GetJourney'), {
    JourneyResponse: {
      Id: 'j',
      Schedule: { StartTime: new Date('2026-01-01T00:00:00Z'), Internal: true },
      Activities: { A: { EMAIL: { TemplateName: 't' }, NextActivity: 'B' } },
      LocalTime: null,
      Secret: 'x',
    },
  });
  expect(response.status).toBe(200);
  expect(JSON.parse(response.body)).toEqual({
    Id: 'j',
    Schedule: { StartTime: '2026-01-01T00:00:00.000Z' },
    Activities: { A: { EMAIL: { TemplateName: 't' } } },
  });
});

it('writes members under their names on the wire', () => {
  const condition = { SegmentDimensions: { Attributes: {} } };
  const split = { ConditionalSplit: { Condition: { Conditions: [condition] } } };
  const response = encodeOutput(operationNamed('GetJourney'), {
    JourneyResponse: { Activities: { A: split } },
  });
  expect(response.body).toContain('"segmentDimensions":{"Attributes":{}}');
});

it('answers nothing where the operation has no payload', () => {
  expect(encodeOutput(operationNamed('TagResource'), {})).toEqual({ status: 204, body: '' });
});

it('takes an answer without its payload for a fault', () => {
  expect(() => encodeOutput(operationNamed('GetApp'), {})).toThrow(
    'GetApp answered without ApplicationResponse',
  );
});
