import { lazy, type ComponentType } from 'react';
import { connection } from '@/api/connection';

/**
 * Loads a page's script. While the server is away it waits for it, and then tries again; a script that a newer version
 * has replaced fails at once.
 */
export async function patiently<Module>(load: () => Promise<Module>): Promise<Module> {
  for (;;) {
    try {
      return await load();
    } catch (thrown) {
      if (await connection.check()) throw thrown;
      await connection.back();
    }
  }
}

/** A part of a page in a script of its own, fetched at once so that it is there when the rest is drawn. */
export function apart<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const part = patiently(load);
  // Told where it is drawn.
  part.catch(() => undefined);
  return lazy(() => part);
}
