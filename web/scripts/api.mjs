// `npm run api`: makes src/api/schema.d.ts from the OpenAPI document of the gateway; with `--check` it only compares.
// The document comes from TOLLGATE_OPENAPI (a file), or from the program, target/debug/tollgate unless TOLLGATE_BIN names one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = at('../src/api/schema.d.ts');

/** The document of the program as it is built now. */
function readDocument() {
  if (process.env.TOLLGATE_OPENAPI) return readFileSync(process.env.TOLLGATE_OPENAPI, 'utf8');
  const folder = process.env.CARGO_TARGET_DIR ?? at('../../target');
  const program = process.env.TOLLGATE_BIN ?? `${folder}/debug/tollgate`;
  if (!existsSync(program)) {
    console.error(`${program} is missing: build it with \`cargo build -p tollgate-server\`, or name one in TOLLGATE_BIN`);
    process.exit(2);
  }
  return execFileSync(program, ['openapi'], { encoding: 'utf8', maxBuffer: 64 << 20 });
}

const document = JSON.parse(readDocument());
// Several operations are called `list`; the types are found by path and need no names.
for (const path of Object.values(document.paths)) {
  for (const operation of Object.values(path)) delete operation.operationId;
}
const head = '// Made by `npm run api` from the OpenAPI document. Do not edit.\n\n';
const made = head + astToString(await openapiTS(document, { alphabetize: true }));

if (process.argv.includes('--check')) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== made) {
    console.error('web/src/api/schema.d.ts is stale: run `npm run api` in web/ and commit the result');
    process.exit(1);
  }
} else {
  writeFileSync(target, made);
}
