import { describe, expect, it } from 'vitest';
import { requestIdIn } from './filter';

const id = '01997f6e-2b5a-7c11-8f3e-0a1b2c3d4e5f';

describe('a request id', () => {
  it('is found in whatever was pasted', () => {
    const cases: [string, string | undefined][] = [
      [id, id],
      [`  "x-request-id": "${id.toUpperCase()}",`, id],
      [`Error 503 (request id ${id})`, id],
      ['01997f6e-2b5a-7c11-8f3e', undefined],
      ['', undefined],
    ];
    for (const [text, expected] of cases) expect(requestIdIn(text)).toBe(expected);
  });
});
