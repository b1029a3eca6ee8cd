// Lays a .br and a .gz beside each file of dist/ that is worth it, for the server to hand out as they are.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = fileURLToPath(new URL('../dist/', import.meta.url));
const compressible = /\.(js|css|svg|json)$/;

for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!compressible.test(name) || name.startsWith('.')) continue;
  const bytes = readFileSync(folder + name);
  const packed = {
    br: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    gz: gzipSync(bytes, { level: 9 }),
  };
  for (const [ending, result] of Object.entries(packed)) {
    const path = `${folder}${name}.${ending}`;
    if (result.length < bytes.length * 0.95) writeFileSync(path, result);
    else rmSync(path, { force: true });
  }
}
