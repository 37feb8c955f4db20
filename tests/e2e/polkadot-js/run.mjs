// Installs the clients where they are missing, then runs every *.test.mjs: `node tests/e2e/polkadot-js/run.mjs [name…]`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const run = (program, args) => spawnSync(program, args, { cwd: here, stdio: 'inherit' }).status ?? 1;

const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  console.error(`Node.js 18 or later is needed; this is ${process.version}`);
  process.exit(1);
}
// npm writes this file last, so a broken installation is made again.
if (!existsSync(join(here, 'node_modules/.package-lock.json'))) {
  const failed = run('npm', ['ci', '--no-audit', '--no-fund']);
  if (failed) {
    console.error('npm ci failed: the clients come from the npm registry; see the lines above');
    process.exit(failed);
  }
}
const wanted = process.argv.slice(2);
const tests = readdirSync(here)
  .filter(name => name.endsWith('.test.mjs') && (wanted.length === 0 || wanted.some(word => name.includes(word))))
  .sort();
process.exit(run(process.execPath, ['--test', ...tests]));
