/** Lines that one import may have; the server refuses more. */
export const MOST_LINES = 500;

/** The lines that hold a key, with their numbers from 1, as the server counts them. */
export function keyLines(text: string): { line: number; text: string }[] {
  return text
    .split(/\r?\n/)
    .map((each, index) => ({ line: index + 1, text: each.trim() }))
    .filter((each) => each.text !== '' && !each.text.startsWith('#'));
}

/** What is left to correct: the lines that were refused, as they were typed. */
export function refusedLines(text: string, results: readonly { line: number; isAdded: boolean }[]): string {
  const refused = new Set(results.filter((result) => !result.isAdded).map((result) => result.line));
  return keyLines(text)
    .filter((each) => refused.has(each.line))
    .map((each) => each.text)
    .join('\n');
}
