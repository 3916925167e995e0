import { describe, expect, it } from 'vitest';
import { pageOf, parsePage } from '../../src/api/pagination.ts';
import { RepointError } from '../../src/domain/errors.ts';

const rows = Array.from({ length: 5 }, (_, index) => ({
  id: `id ${index}`,
  createdAt: new Date(5_000 - index),
}));

describe('a page', () => {
  it('ends with a token that leads to its last item, and the last page has none', () => {
    const page = pageOf(
      rows.slice(0, 3),
      { size: 2, after: undefined },
      (row) => row,
      ({ id }) => id,
    );
    expect(page.Item).toEqual(['id 0', 'id 1']);
    expect(parsePage({ Token: page.NextToken }).after).toEqual(rows[1]);
    expect(
      pageOf(
        rows.slice(0, 2),
        { size: 2, after: undefined },
        (row) => row,
        ({ id }) => id,
      ),
    ).toEqual({
      Item: ['id 0', 'id 1'],
    });
  });

  it('has a hundred items unless told, and at most five hundred', () => {
    expect(parsePage({}).size).toBe(100);
    expect(parsePage({ PageSize: '7' }).size).toBe(7);
    expect(parsePage({ PageSize: '100000' }).size).toBe(500);
    expect(parsePage({ PageSize: '9'.repeat(20) }).size).toBe(500);
  });

  it.each(['', '0', '-1', '1.5', 'ten', '1e3', ' 5'])('refuses the size %j', (PageSize) => {
    expect(() => parsePage({ PageSize })).toThrow(RepointError);
  });

  it('is the first where the token is empty, as loops begin', () => {
    expect(parsePage({ Token: '' }).after).toBeUndefined();
    expect(parsePage({ NextToken: '' }).after).toBeUndefined();
  });

  it.each(['nonsense', '%', Buffer.from('9'.repeat(30)).toString('base64url')])(
    'refuses the token %j',
    (Token) => {
      const complaint = 'token: is not a token that an earlier page answered';
      expect(() => parsePage({ Token })).toThrow(complaint);
      expect(() => parsePage({ NextToken: Token })).toThrow(`next-${complaint}`);
    },
  );
});
