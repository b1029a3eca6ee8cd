/**
 * Lets style elements carry this page's nonce, whoever makes them: the library forgets it where it measures scrollbars
 * (tables) and holds the page still (drawers, dialogs), and the content-security policy then refuses the style.
 */
export function giveStylesTheNonce(root: Document = document): void {
  const nonce = root.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  if (!nonce) return;
  const create = root.createElement.bind(root);
  const giving = (tag: string, options?: ElementCreationOptions): HTMLElement => {
    const made = create(tag, options);
    if (made instanceof HTMLStyleElement) made.nonce = nonce;
    return made;
  };
  root.createElement = giving as typeof root.createElement;
}
