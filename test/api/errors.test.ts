import { describe, expect, it } from 'vitest';
import { translateError } from '../../src/api/errors.ts';
import { badRequest, type ErrorCode, RepointError } from '../../src/domain/errors.ts';
import { createLog } from '../../src/log.ts';

function logged(error: unknown) {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  return { wire: translateError(error, log, 'request-1'), lines };
}

describe('a RepointError', () => {
  it.each<[ErrorCode, number, string]>([
    ['BadRequest', 400, 'BadRequestException'],
    ['Forbidden', 403, 'ForbiddenException'],
    ['NotFound', 404, 'NotFoundException'],
    ['MethodNotAllowed', 405, 'MethodNotAllowedException'],
    ['Conflict', 409, 'ConflictException'],
    ['PayloadTooLarge', 413, 'PayloadTooLargeException'],
    ['TooManyRequests', 429, 'TooManyRequestsException'],
    ['NotImplemented', 501, 'NotImplementedException'],
    ['Internal', 500, 'InternalServerErrorException'],
    ['Unavailable', 503, 'ServiceUnavailableException'],
  ])('%s is %i %s', (code, status, type) => {
    const { wire, lines } = logged(new RepointError(code, 'text'));
    expect(wire).toEqual({ status, type, message: 'text' });
    expect(lines).toHaveLength(code === 'Internal' || code === 'Unavailable' ? 1 : 0);
  });
});

it('what is wrong is told one by one too', () => {
  const problems = [
    { path: 'A', message: 'missing; name it' },
    { path: 'B', message: 'too long' },
  ];
  expect(logged(badRequest(problems)).wire).toEqual({
    status: 400,
    type: 'BadRequestException',
    message: 'A: missing; name it; B: too long',
    problems,
  });
});

describe('anything else', () => {
  it('is a 500 that keeps its cause to the log', () => {
    const { wire, lines } = logged(new Error('outer', { cause: new TypeError('inner') }));
    expect(wire.status).toBe(500);
    expect(wire.message).not.toMatch(/outer|inner/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      requestId: 'request-1',
      err: { name: 'Error', message: 'outer', cause: { name: 'TypeError', message: 'inner' } },
    });
  });

  it("never logs the values that Postgres quotes in its errors' texts", () => {
    const error = Object.assign(new Error('invalid input: "someone@example.com"'), {
      severity: 'ERROR',
      code: '22P02',
      detail: 'Key (address)=(someone@example.com)',
    });
    const { lines } = logged(error);
    expect(lines.join('')).not.toContain('someone@example.com');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { code: '22P02' } });
  });
});
