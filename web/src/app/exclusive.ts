/**
 * Runs `work` while no other tab of this browser does. Without Web Locks (pages over plain http on another
 * machine) only this tab is kept from overtaking itself.
 */
export async function exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) return work();
  return (await locks.request(`tollgate.${name}`, work)) as T;
}
