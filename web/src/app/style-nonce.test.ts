import { expect, test } from 'vitest';
import { giveStylesTheNonce } from './style-nonce';

test('styles that are made later carry the nonce of the page, and nothing else does', () => {
  const page = document.implementation.createHTMLDocument();
  const meta = page.createElement('meta');
  meta.setAttribute('property', 'csp-nonce');
  meta.nonce = 'abc';
  page.head.append(meta);

  giveStylesTheNonce(page);

  expect(page.createElement('style').nonce).toBe('abc');
  expect(page.createElement('script').nonce).not.toBe('abc');
});

test('a page without a nonce stays as it is', () => {
  const page = document.implementation.createHTMLDocument();
  giveStylesTheNonce(page);
  expect(page.createElement('style').nonce ?? '').toBe('');
});
