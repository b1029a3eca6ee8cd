import { fileURLToPath } from 'node:url';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where pictures go; git does not see it. */
export const screenshots = at('./screenshots/');

/** Where the pictures of the documents are. */
export const pictures = at('../../docs/images/');

const programs = `${process.env.CARGO_TARGET_DIR ?? at('../../target')}/debug`;

/** The program under test, and the pretend provider. */
export const gateway = process.env.TOLLGATE_BIN ?? `${programs}/tollgate`;
export const simulator = process.env.SIMULATOR_BIN ?? `${programs}/tollgate-simulator`;

/** A build of the pages to use instead of the one in the program, while one works on them. */
export const webDir = process.env.WEB_DIR;
