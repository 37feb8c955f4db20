// @polkadot/api as an application uses it, with the accounts of every Ethereum-style development chain.
import { ApiPromise, WsProvider } from '@polkadot/api';
import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';

// Well-known development keys; whoever holds real money in one of them loses it.
const secrets = {
  alith: '0x5fb92d6e98884f76de468fa3f6278f8807c48bebc13595d45af5bdc4da702133',
  baltathar: '0x8075991ce870b93a8870eca0c0f91913d12f47948ca0fd25b49c6fa7cdbeee8b',
  charleth: '0x0b6e18cafb6ed99687ec547bd28139cafdd2bffe70e6b688025de6b445aa5c5b',
  dorothy: '0x39539ab1876910bbf3a223d84a29e28f1cb4e2e456503e7e91ed39b2e7223d68',
  ethan: '0x7dce9bc8babb68fec1409be38c8e1a52650206a7ed90ff956ae8a6d15eeaaef4',
  faith: '0xb9d2ea9a615f3165812e8d44de0d24da9bbd164b65c4f0573e1ce2c8dbd9c8df',
};

export const TPH = 10n ** 18n;

export async function accounts() {
  await cryptoWaitReady();
  const keyring = new Keyring({ type: 'ethereum' });
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, keyring.addFromUri(secret)]));
}

const at = { name: 'at', type: 'Hash', isOptional: true };
const optional = (name, type) => ({ name, type, isOptional: true });

/** compute_* as `api.rpc.compute.*`: how an application teaches polkadot-js the methods of a chain. */
const rpc = {
  compute: {
    machines: { params: [optional('after', 'AccountId'), optional('limit', 'u32'), optional('state', 'Text'), at], type: 'Json' },
    machine: { params: [{ name: 'machine', type: 'AccountId' }, at], type: 'Json' },
    lease: { params: [{ name: 'lease', type: 'u64' }, at], type: 'Json' },
    leases: { params: [{ name: 'renter', type: 'AccountId' }, optional('after', 'u64'), optional('limit', 'u32'), at], type: 'Json' },
    quote: { params: [{ name: 'order', type: 'Json' }, optional('after', 'AccountId'), optional('limit', 'u32'), at], type: 'Json' },
    burnStats: { params: [optional('days', 'u32'), at], type: 'Json' },
  },
};
for (const [name, method] of Object.entries(rpc.compute)) method.description = `compute_${name}`;

/** Connects; `warnings` holds what polkadot-js complained about meanwhile. */
export async function connect(url) {
  const warnings = [];
  const { warn, error } = console;
  console.warn = (...words) => warnings.push(words.join(' '));
  console.error = (...words) => warnings.push(words.join(' '));
  try {
    const api = await ApiPromise.create({ provider: new WsProvider(url), rpc, throwOnConnect: true });
    return { api, warnings };
  } finally {
    Object.assign(console, { warn, error });
  }
}

/** The module error's name, as "balances.FundsUnavailable", or another dispatch error's text. */
export function nameOf(api, dispatchError) {
  if (!dispatchError.isModule) return dispatchError.toString();
  const { section, name } = api.registry.findMetaError(dispatchError.asModule);
  return `${section}.${name}`;
}

/** Signs and sends; resolves once in a block (or finalized) with its events, statuses and decoded error, if any. */
export function send(api, tx, signer, { until = 'inBlock', ...options } = {}) {
  return new Promise((done, failed) => {
    const statuses = [];
    let unsubscribe;
    tx.signAndSend(signer, { nonce: -1, ...options }, result => {
      statuses.push(result.status.type);
      const isDone = until === 'finalized' ? result.status.isFinalized : result.status.isInBlock || result.status.isFinalized;
      if (result.isError) failed(new Error(`the transaction is ${result.status.type}`));
      if (!isDone) return;
      unsubscribe?.();
      done({
        block: (result.status.isFinalized ? result.status.asFinalized : result.status.asInBlock).toHex(),
        hash: result.txHash.toHex(),
        index: result.txIndex,
        events: result.events,
        statuses,
        error: result.dispatchError && nameOf(api, result.dispatchError),
      });
    }).then(stop => (unsubscribe = stop), failed);
  });
}

/**
 * Signs and follows every status until one is `last`: polkadot-js's signAndSend skips a status when the next one comes
 * while it still reads the block.
 */
export async function statuses(api, tx, signer, { last = 'Finalized', onStatus, ...options } = {}) {
  const signed = await tx.signAsync(signer, { nonce: -1, ...options });
  const seen = [];
  await until(
    take => api.rpc.author.submitAndWatchExtrinsic(signed, take),
    status => {
      seen.push(status.type);
      onStatus?.(status);
      return status.type === last;
    }
  );
  return seen;
}

/** The one event of this kind: its data. */
export function event(outcome, section, method) {
  const found = outcome.events.filter(({ event }) => event.section === section && event.method === method);
  if (found.length !== 1) {
    const all = outcome.events.map(({ event }) => `${event.section}.${event.method}`).join(', ');
    throw new Error(`expected one ${section}.${method}, got ${found.length} in: ${all}`);
  }
  return found[0].event.data;
}

/** Waits for a subscription's item that `accept`s: `subscribe(onItem)` returns a promise of its end. */
export function until(subscribe, accept) {
  return new Promise((done, failed) => {
    let stop;
    let isDone = false;
    subscribe(item => {
      if (isDone || !accept(item)) return;
      isDone = true;
      stop?.();
      done(item);
    }).then(end => {
      stop = end;
      if (isDone) end();
    }, failed);
  });
}

/** One plain JSON-RPC call, around polkadot-js's own decoding. */
export async function raw(url, method, params) {
  const provider = new WsProvider(url);
  try {
    await provider.isReady;
    return await provider.send(method, params);
  } finally {
    await provider.disconnect();
  }
}
