/** Where to go after signing in; only within our own pages. */
export function inside(next: string | undefined): string | undefined {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : undefined;
}
