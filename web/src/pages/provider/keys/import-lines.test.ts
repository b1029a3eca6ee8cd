import { expect, test } from 'vitest';
import { keyLines, refusedLines } from './import-lines';

const text = '# ours\r\nsk-one\n\n  main, sk-two \nbad key here\n';

test('lines count as the server counts them; comments and empty ones hold no key', () => {
  expect(keyLines(text).map((each) => each.line)).toEqual([2, 4, 5]);
  expect(keyLines('\n \n')).toEqual([]);
});

test('what was refused is left to be corrected', () => {
  const results = [{ line: 2, isAdded: true }, { line: 4, isAdded: false }, { line: 5, isAdded: false }];
  expect(refusedLines(text, results)).toBe('main, sk-two\nbad key here');
});
