// A node of the test's own: fresh data, ports chosen by the kernel, gone with the test.
import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
const binary = process.env.TEPHRA_NODE ?? resolve(root, 'build/dev/bin/tephra-node');

/** Starts a development chain; `url` is its JSON-RPC over WebSocket. `stop` ends it and checks that it ended well. */
export async function startNode(...more) {
  const child = spawn(
    binary,
    ['run', '--tmp', '--chain', resolve(root, 'genesis/dev.json'), '--rpc-port', '0', '--worker-port', '0', ...more],
    { stdio: ['ignore', 'ignore', 'pipe'] }
  );
  let log = '';
  const ended = new Promise(done => {
    child.on('error', error => done(error.message));
    child.on('exit', (code, signal) => done(signal ?? code));
  });
  const port = await new Promise((found, lost) => {
    child.stderr.on('data', chunk => {
      log = (log + chunk).slice(-100_000);
      const match = log.match(/JSON-RPC on [^\s]*:(\d+)/);
      if (match) found(Number(match[1]));
    });
    ended.then(how => lost(new Error(`${binary} ended (${how}) before it listened:\n${log}`)));
  });
  return {
    url: `ws://127.0.0.1:${port}`,
    http: `http://127.0.0.1:${port}`,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      const how = await ended;
      if (how !== 0) throw new Error(`the node ended with ${how}:\n${log}`);
    },
  };
}
