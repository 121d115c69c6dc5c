import { describe, expect, it, test } from 'vitest';
import { decodeCursor, encodeCursor, readVersionCursor, timeInCursor, uuidInCursor } from '../src/index.ts';

describe('a cursor', () => {
  it('gives back the values that went in, as text', () => {
    const cursor = encodeCursor(['2026-01-31T08:30:00.000Z', 7, 'ü/+"']);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(cursor, 3)).toEqual(['2026-01-31T08:30:00.000Z', '7', 'ü/+"']);
  });

  it.each<[string, string]>([
    ['that is empty', ''],
    ['that was made up', 'made-up'],
    ['with too few values', encodeCursor(['a'])],
    ['with too many values', encodeCursor(['a', 'b', 'c'])],
    ['with something else than texts', Buffer.from('["a",1]').toString('base64url')],
    ['with an object', Buffer.from('{"length":2}').toString('base64url')],
    ['with a NUL', encodeCursor(['a', 'b\0'])],
    ['with half of a surrogate pair', encodeCursor(['a', 'b\ud83e'])],
  ])('%s is refused', (_name, cursor) => {
    expect(() => decodeCursor(cursor, 2)).toThrow(
      expect.objectContaining({
        code: 'INVALID',
        message: 'The cursor was not issued by this list with these filters.',
        errors: [{ path: '/cursor', message: 'is not a cursor of this list with these filters' }],
      }),
    );
  });
});

describe('a time in a cursor', () => {
  it('is one that a list gave out', () => {
    for (const time of ['2026-01-31T08:30:00.000Z', '2028-02-29T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])
      expect(timeInCursor(time)).toBe(time);
  });

  it.each([
    ['of a day that does not exist', '2026-02-30T00:00:00.000Z'],
    ['of a year that no database knows', '0000-01-01T00:00:00.000Z'],
    ['of a year beyond four digits', '+010000-01-01T00:00:00.000Z'],
    ['in another zone', '2026-01-31T08:30:00.000+01:00'],
    ['without milliseconds', '2026-01-31T08:30:00Z'],
    ['that is a word', 'infinity'],
  ])('%s is refused', (_name, time) => {
    expect(() => timeInCursor(time)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });
});

describe('an id in a cursor', () => {
  it('is a UUID as databases write it', () => {
    const id = '3f0c8a52-9d52-4d6b-8d0f-2f6c1f0b7a11';
    expect(uuidInCursor(id)).toBe(id);
    for (const other of ['', 'x', `urn:uuid:${id}`, `${id}0`])
      expect(() => uuidInCursor(other)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });
});

test('a version in a cursor is read in its one decimal form', () => {
  for (const version of [1, 42, Number.MAX_SAFE_INTEGER]) expect(readVersionCursor(encodeCursor([version]))).toBe(version);
  for (const other of ['', '0', '-1', '01', '1e3', '0x10', ' 7', '7 ', '7.0', '+7', '9007199254740992', 'Infinity', 'x'])
    expect(() => readVersionCursor(encodeCursor([other]))).toThrow(expect.objectContaining({ code: 'INVALID' }));
});
