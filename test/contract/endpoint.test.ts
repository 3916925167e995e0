import { describe, expect, test } from 'vitest';
import email from '../../examples/tutorial/03-update-endpoint-email.json' with { type: 'json' };
import { parseEndpoint, parseEndpointId } from '../../src/contract/endpoint.ts';
import { RepointError } from '../../src/domain/errors.ts';

function problemsOf(request: unknown, path?: string): Record<string, string> {
  try {
    parseEndpoint(request, path === undefined ? {} : { path });
  } catch (error) {
    if (!(error instanceof RepointError)) throw error;
    return Object.fromEntries(error.problems.map((problem) => [problem.path, problem.message]));
  }
  return {};
}

describe('an endpoint request', () => {
  test('of the tutorial is what it says and nothing else', () => {
    expect(parseEndpoint(email)).toEqual({
      address: 'user123@example.com',
      channelType: 'EMAIL',
      userId: 'user123',
      userAttributes: { Plan: ['premium'], SignupDate: ['2026-01-15'] },
      optOut: 'NONE',
    });
  });

  test('with an empty user id leaves the user, as Amplify asks', () => {
    expect(parseEndpoint({ User: { UserId: '' } })).toEqual({ userId: null });
  });

  test('names every problem with its path and never quotes what is personal', () => {
    const problems = problemsOf(
      {
        ChannelType: 'FAX',
        OptOut: 'SOME',
        EndpointStatus: 'DEAD',
        EffectiveDate: 'today',
        Attributes: { ['n'.repeat(51)]: [], Secret: ['ok', 'secret'.repeat(20)], Many: Array(51).fill('x') },
        Metrics: { M: 'secret' },
        Location: { Latitude: 91 },
        User: { UserId: 'secret'.repeat(50), UserAttributes: { '': [] } },
      },
      'Item[3]',
    );
    expect(problems).toEqual({
      'Item[3].ChannelType': expect.stringMatching(/^must be one of ADM, .*VOICE; given "FAX"$/),
      'Item[3].OptOut': 'must be one of ALL, NONE; given "SOME"',
      'Item[3].EndpointStatus': 'must be one of ACTIVE, INACTIVE; given "DEAD"',
      'Item[3].EffectiveDate': expect.stringContaining('ISO 8601'),
      [`Item[3].Attributes.${'n'.repeat(51)}`]: 'the name must have at most 50 characters',
      'Item[3].Attributes.Secret[1]': 'must have at most 100 characters',
      'Item[3].Attributes.Many': 'must have at most 50 values',
      'Item[3].Metrics.M': expect.stringContaining('number'),
      'Item[3].Location.Latitude': 'must be at most 90',
      'Item[3].User.UserId': 'must have at most 255 characters',
      'Item[3].User.UserAttributes.': 'the name must not be empty',
    });
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  test('cannot have an attribute, metric or user attribute named __proto__', () => {
    const named = (values: string) => JSON.parse(`{"__proto__": ${values}}`);
    for (const request of [
      { Attributes: named('["x"]') },
      { Metrics: named('1') },
      { User: { UserAttributes: named('["x"]') } },
    ]) {
      expect(() => parseEndpoint(request)).toThrow(/__proto__: the name cannot be kept/);
    }
  });

  test.each(['', 'x'.repeat(256), '日'.repeat(201)])('cannot have the id %j', (id) => {
    expect(() => parseEndpointId(id)).toThrow(/EndpointId: must/);
  });
});
