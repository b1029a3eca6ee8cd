/**
 * Colours that people with any kind of colour blindness tell apart (Okabe and Ito, 2008; made darker where
 * they are pale on white), each with a contrast of 3 and more on the grounds of both themes.
 */
export const palette = {
  blue: '#2f7fc1',
  orange: '#d98200',
  green: '#10936b',
  pink: '#c1679a',
  sky: '#3f9fc9',
  red: '#d2521c',
  olive: '#8f8a1c',
  violet: '#8071c4',
  brown: '#a0704a',
  grey: '#7d8781',
} as const;

type Name = keyof typeof palette;

/** Red is left to what failed, grey to what is left. */
const wheel: readonly Name[] = ['blue', 'orange', 'green', 'pink', 'sky', 'olive', 'violet', 'brown'];

/** The providers that everybody knows always look the same. */
const providers: Record<string, Name> = {
  openai: 'green',
  anthropic: 'orange',
  gemini: 'blue',
  google: 'blue',
  kimi: 'violet',
  moonshot: 'violet',
  qwen: 'pink',
  deepseek: 'sky',
  kiro: 'olive',
  azure: 'sky',
};

const states: Record<string, Name> = {
  success: 'green',
  normal: 'green',
  healthy: 'green',
  error: 'red',
  invalid: 'red',
  undecryptable: 'red',
  down: 'red',
  cancelled: 'grey',
  off: 'grey',
  rate_limited: 'olive',
  cooling: 'olive',
  quota_exceeded: 'orange',
  degraded: 'orange',
  unpriced: 'brown',
};

/** The same number for the same text, everywhere. */
function hash(text: string): number {
  let value = 2166136261;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 16777619);
  return value >>> 0;
}

const named = (name: string): Name => wheel[hash(name) % wheel.length] ?? 'blue';

/** The colour of a provider, by its code: the same on every page. */
export function colourOfProvider(code: string): string {
  return palette[providers[code.toLowerCase()] ?? named(code)];
}

/** The colour of a state of calls, keys and providers. */
export function colourOfState(state: string): string {
  return palette[states[state] ?? 'grey'];
}

/** What is left when the biggest have been told. */
export const colourOfRest = palette.grey;

/** These colours, but that the second of two that are the same becomes one that nobody has, while there is one. */
export function distinct(wanted: readonly string[]): string[] {
  const taken = new Set<string>();
  const all = wheel.map((name) => palette[name] as string);
  return wanted.map((colour) => {
    const start = Math.max(0, all.indexOf(colour));
    const free = [...all.slice(start), ...all.slice(0, start)].find((each) => !taken.has(each));
    const chosen = taken.has(colour) ? (free ?? colour) : colour;
    taken.add(chosen);
    return chosen;
  });
}

/** A colour for each of these names, which nobody else of them has while there are enough. */
export function coloursOf(names: readonly string[], kind: 'provider' | 'other' = 'other'): string[] {
  return distinct(names.map((name) => (kind === 'provider' ? colourOfProvider(name) : palette[named(name)])));
}
