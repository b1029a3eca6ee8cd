import type { Attempt } from './data';

/** A kind of token; the kinds do not overlap. Colours are safe for the colour-blind (Okabe and Ito). */
export const bucketColours = {
  prompt: '#0072b2',
  cached: '#56b4e9',
  cache_write: '#009e73',
  cache_write_1h: '#4f7f37',
  completion: '#e69f00',
  reasoning: '#cc79a7',
} as const;

export type Bucket = keyof typeof bucketColours;

type Used = Pick<Attempt, 'promptTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'cacheWrite1hTokens' | 'completionTokens' | 'reasoningTokens'>;

/** The kinds that an attempt used. */
export function bucketsOf(attempt: Used): { name: Bucket; tokens: number; colour: string }[] {
  const counts: Record<Bucket, number> = {
    prompt: attempt.promptTokens,
    cached: attempt.cachedTokens,
    cache_write: attempt.cacheWriteTokens,
    cache_write_1h: attempt.cacheWrite1hTokens,
    completion: attempt.completionTokens,
    reasoning: attempt.reasoningTokens,
  };
  return (Object.keys(counts) as Bucket[])
    .map((name) => ({ name, tokens: counts[name], colour: bucketColours[name] }))
    .filter(({ tokens }) => tokens > 0);
}
