import type { Answer } from './conversation';

/** Characters of which each is about a token: Chinese, Japanese, Korean. */
const WIDE = /[\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/gu;

/** About how many tokens a text has, while nobody has counted them. */
export function estimatedTokens(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0;
  return Math.round(wide * 0.75 + (text.length - wide) / 4);
}

export interface Speed {
  perSecond: number;
  /** Whether the tokens were counted by us, roughly, and not by the provider. */
  isEstimate: boolean;
}

/**
 * Tokens a second from the first one on; undefined where that says nothing: before the first token, and
 * for an answer that came at once.
 */
export function speedOf(answer: Answer): Speed | undefined {
  if (answer.firstTokenMs === undefined || answer.totalMs === undefined) return undefined;
  const elapsed = answer.totalMs - answer.firstTokenMs;
  if (elapsed < 50) return undefined;
  const counted = answer.usage?.completionTokens;
  const tokens = counted ?? estimatedTokens(answer.reasoning + answer.text);
  if (tokens === 0) return undefined;
  return { perSecond: (tokens * 1000) / elapsed, isEstimate: counted === undefined };
}
