import { expect, it } from 'vitest';
import { describeFailure } from '../src/runUntilStopped.ts';

it('says which keys are missing, without a stack of the SDK', () => {
  const error = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
  expect(describeFailure(error)).toMatch(/^repoint: no access key .*REPOINT_ACCESS_KEYS.*$/);
});
