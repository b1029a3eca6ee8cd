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
