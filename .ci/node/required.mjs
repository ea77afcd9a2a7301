// usage: node required.mjs client REVISION
// Prints the scenarios that the conformance suite requires of a client of the revision, and the extensions that this project has.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const [side, revision] = process.argv.slice(2);
const file = new URL(`node_modules/@modelcontextprotocol/conformance/requirements/${revision}.yaml`, import.meta.url);
const extensions = ['json-schema-2020-12-preservation', 'auth/client-credentials-jwt', 'auth/client-credentials-basic'];
for (const scenario of [...parse(readFileSync(file, 'utf8'))[side], ...extensions]) {
  console.log(scenario);
}
