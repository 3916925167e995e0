export { startTestApi, type TestApi, testClient } from '../../src/testing/testApi.ts';
