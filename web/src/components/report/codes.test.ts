import { describe, expect, it } from 'vitest';
import en from '@/i18n/en/errors';
import { knownCode, whoseOf } from './codes';

describe('codes of errors', () => {
  it('are explained, each with whose matter it is', () => {
    for (const code of Object.keys(en.code)) {
      expect(knownCode(code)).toBe(code);
      if (code !== 'none') expect(whoseOf(code), code).not.toBeNull();
    }
  });

  it('that nobody explained are shown as they are', () => {
    expect(knownCode('their_own')).toBeNull();
    expect(whoseOf('their_own')).toBeNull();
    expect(knownCode(null)).toBe('none');
  });
});
