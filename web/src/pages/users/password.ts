/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 20;

/** A password that nobody guesses, in groups that can be read out. */
export function madePassword(): string {
  // 256 is no multiple of the alphabet's length: bytes above the last multiple are thrown away, so that every
  // letter is as likely as any other.
  const bound = 256 - (256 % ALPHABET.length);
  let letters = '';
  while (letters.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      if (byte < bound && letters.length < LENGTH) letters += ALPHABET[byte % ALPHABET.length];
    }
  }
  return letters.replace(/(.{5})(?=.)/g, '$1-');
}
