// Fails when package-lock.json would not install everywhere: a platform package that is missing from it (a registry
// lagged when it was written), or an address of one particular registry.
import { readFileSync } from 'node:fs';

interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
}

const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Where npm looks for `name` from the package at `from`: its own node_modules, then each one further up. */
function isLocked(name: string, from: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true;
    if (folder === '') return false;
    if (!folder.includes('/node_modules/')) folder = '/node_modules/';
  }
}

const problems = Object.entries(lock.packages).flatMap(([folder, locked]) => [
  ...Object.keys(locked.optionalDependencies ?? {})
    .filter((name) => !isLocked(name, folder))
    .map((name) => `${folder || 'package.json'} names the optional package ${name}, which has no entry`),
  ...(locked.resolved === undefined ? [] : [`${folder} carries a registry's address ("resolved")`]),
]);
for (const problem of problems) console.log(`package-lock.json: ${problem}`);
if (problems.length > 0) {
  console.log('Write it anew with `npm install --package-lock-only --omit-lockfile-registry-resolved`,');
  console.log('and pin a version whose platform packages the registry has (package.json, overrides).');
}
process.exitCode = problems.length > 0 ? 1 : 0;
