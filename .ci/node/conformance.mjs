// usage: node conformance.mjs server|client DIR
// Summarizes a run of the conformance suite. DIR contains suite.log with its output, results with its result files, and, if
// a run failed, status with its exit code. A scenario without a check that has passed does not count, or fails if it is in the file
// scenarios.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [side, dir] = process.argv.slice(2);
const results = join(dir, 'results');
const log = readFileSync(join(dir, 'suite.log'), 'utf8');
const folders = existsSync(results) ? readdirSync(results, { recursive: true }) : [];

const start = side === 'server' ? /^Running client scenario '(.+)' against server/gm : /^Starting scenario: (.+)$/gm;
const scenarios = new Set([...log.matchAll(start)].map((match) => match[1]));
// The scenarios that must run and pass, if the caller has listed them
const list = join(dir, 'scenarios');
const wanted = existsSync(list) ? readFileSync(list, 'utf8').split(/\s+/).filter(Boolean) : [];
let passed = 0;
let failed = 0;
const failures = [];
for (const scenario of scenarios) {
  const checks = checksOf(scenario);
  const having = (status) => checks.filter((check) => check.status === status);
  for (const warning of having('WARNING')) {
    console.log(`warning ${scenario}: ${describe(warning)}`);
  }
  for (const skipped of having('SKIPPED')) {
    console.log(`skipped ${scenario}: ${describe(skipped)}`);
  }
  // For a client, the suite takes a crash for a failure.
  const crash = side === 'client' && existsSync(join(dir, `status-${scenario.replaceAll('/', '-')}`));
  if (having('FAILURE').length > 0 || crash) {
    failed++;
    failures.push(`FAILED ${scenario}`, ...having('FAILURE').map((check) => `  ${describe(check)}`));
  } else if (having('SUCCESS').length > 0) {
    passed++;
    console.log(`ok ${scenario} (${having('SUCCESS').length})`);
  } else if (wanted.length > 0) {
    failed++;
    failures.push(`FAILED ${scenario}: none of its checks has passed`);
  } else {
    console.log(`not counted ${scenario}: it had no checks`);
  }
}
for (const missing of wanted.filter((scenario) => !scenarios.has(scenario))) {
  failed++;
  failures.push(`FAILED ${missing}: it did not run`);
}

failures.forEach((line) => console.log(line));
if (failed === 0 && (scenarios.size === 0 || existsSync(join(dir, 'status')))) {
  console.log(`FAILED to run the suite:\n${log.slice(-3000)}`);
  failed = 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

function checksOf(scenario) {
  const prefix = side === 'server' ? `server-${scenario}-` : `${scenario}-`;
  const folder = folders.find((name) => name.startsWith(prefix) && /^\d{4}-\d\d-\d\dT/.test(name.slice(prefix.length)));
  const file = folder && join(results, folder, 'checks.json');
  return file && existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : [{ id: 'run', status: 'FAILURE', errorMessage: 'the suite ended without a result for this scenario' }];
}

function describe(check) {
  return `${check.id}: ${check.errorMessage ?? check.description}`;
}
