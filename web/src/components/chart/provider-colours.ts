import { useMemo } from 'react';
import { useProviders } from '@/api/lists';
import { colourOfProvider, coloursOf } from './colours';

/** The colour of each provider: the same on every page, and no two of them alike while there are enough. */
export function useProviderColours(): (id: number | string | null | undefined) => string {
  const providers = useProviders();
  return useMemo(() => {
    const all = [...(providers.data ?? [])].sort((one, other) => one.id - other.id);
    const colours = coloursOf(all.map(({ providerCode }) => providerCode), 'provider');
    const known = new Map(all.map(({ id }, place) => [String(id), colours[place]]));
    return (id) => known.get(String(id)) ?? colourOfProvider(String(id));
  }, [providers.data]);
}
