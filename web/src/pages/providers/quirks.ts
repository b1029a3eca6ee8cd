/** How the value of a quirk is typed. */
type Kind = { kind: 'switch' } | { kind: 'text' } | { kind: 'words' } | { kind: 'count' } | { kind: 'choice'; of: readonly string[] };

/** The quirks that a provider may have, as crates/providers/src/quirks.rs reads them. */
export const quirks = {
  auth: { kind: 'choice', of: ['standard', 'bearer', 'api_key', 'none'] },
  api_version: { kind: 'text' },
  max_tokens_field: { kind: 'choice', of: ['as_sent', 'max_tokens', 'max_completion_tokens'] },
  strip: { kind: 'words' },
  reasoning_sampling: { kind: 'switch' },
  no_stream_options: { kind: 'switch' },
  developer_as_system: { kind: 'switch' },
  flatten_text_parts: { kind: 'switch' },
  fill_reasoning_content: { kind: 'switch' },
  min_tool_name: { kind: 'count' },
  built_in_tools_as_fields: { kind: 'switch' },
} as const satisfies Record<string, Kind>;

export type QuirkName = keyof typeof quirks;

/** Whether this page knows the quirk; a newer server may have others, which stay as they are. */
export function isKnownQuirk(name: string): name is QuirkName {
  return name in quirks;
}

/** What a quirk is at first. */
export function firstValue(name: QuirkName): unknown {
  const quirk: Kind = quirks[name];
  switch (quirk.kind) {
    case 'switch':
      return true;
    case 'choice':
      return quirk.of[1];
    case 'words':
      return [];
    case 'count':
      return 3;
    case 'text':
      return '';
  }
}
