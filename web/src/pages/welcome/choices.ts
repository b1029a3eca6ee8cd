import type { components } from '@/api/schema';

type Provider = components['schemas']['ProviderView'];
type Preset = components['schemas']['PresetView'];

export type Choosable = Pick<Provider, 'id' | 'providerCode' | 'providerName' | 'isActive' | 'baseUrl'>;
type Known = Pick<Preset, 'providerCode' | 'providerName' | 'baseUrl'>;

/** A provider that a key can be added to; one that is not there yet is made first. */
export interface Choice {
  /** `provider:3`, `preset:openrouter`, or `own`. */
  value: string;
  label: string;
  baseUrl: string;
  /** Whether the address has to be typed. */
  needsUrl: boolean;
}

/** An address of one's own that speaks OpenAI's protocol. */
export const OWN = 'own';

/** Those that are switched on stand first; all others, and what is known beside them, behind "more". */
export function choicesOf(providers: readonly Choosable[], presets: readonly Known[]): { first: Choice[]; others: Choice[] } {
  const codes = new Set(providers.map((provider) => provider.providerCode));
  const listed = providers.map((provider) => ({ ...choice(`provider:${provider.id}`, provider), isActive: provider.isActive }));
  const unlisted = presets.filter((preset) => !codes.has(preset.providerCode)).map((preset) => choice(`preset:${preset.providerCode}`, preset));
  return {
    first: listed.filter((each) => each.isActive),
    others: [...listed.filter((each) => !each.isActive), ...unlisted],
  };
}

function choice(value: string, { providerName, baseUrl }: Known): Choice {
  return { value, label: providerName, baseUrl, needsUrl: baseUrl === '' || baseUrl.includes('{') };
}

/** A provider's code out of its name. */
export function codeOf(name: string): string {
  const code = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return code === '' ? 'custom' : code.slice(0, 40);
}
