export { testDeps, testKey, testSettings } from '../../src/testing/testDeps.ts';
