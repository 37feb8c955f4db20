// Storage: single values, entries, pages, old blocks, subscriptions, proofs.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { blake2AsHex } from '@polkadot/util-crypto';
import { TPH, accounts, connect, raw, send, until } from './support/client.mjs';
import { startNode } from './support/node.mjs';
import { test } from './support/test.mjs';

let node;
let api;
let who;
before(async () => {
  node = await startNode();
  ({ api } = await connect(node.url));
  who = await accounts();
});
after(async () => {
  await api?.disconnect();
  await node?.stop();
});

test('an account, several at once, and one that does not exist', async () => {
  const { data, nonce } = await api.query.system.account(who.alith.address);
  assert.equal(data.free.toBigInt(), 1_000_000n * TPH);
  assert.equal(nonce.toNumber(), 0);
  const nobody = '0x' + '99'.repeat(20);
  const several = await api.query.system.account.multi([who.baltathar.address, nobody]);
  assert.deepEqual(several.map(({ data }) => data.free.toBigInt()), [1_000_000n * TPH, 0n]);
});

test('entries and keys in pages', async () => {
  const entries = await api.query.system.account.entries();
  const names = entries.map(([key]) => key.args[0].toString());
  for (const { address } of Object.values(who)) assert.ok(names.includes(address), address);
  const page = await api.query.system.account.keysPaged({ args: [], pageSize: 2 });
  assert.equal(page.length, 2);
  const rest = await api.query.system.account.keysPaged({ args: [], pageSize: 1000, startKey: page[1].toHex() });
  assert.equal(page.length + rest.length, entries.length);
});

test('the sum of all balances is the issuance', async () => {
  const at = await api.at(await api.rpc.chain.getFinalizedHead());
  const entries = await at.query.system.account.entries();
  const sum = entries.reduce((total, [, { data }]) => total + data.free.toBigInt() + data.reserved.toBigInt(), 0n);
  assert.equal(sum, (await at.query.balances.totalIssuance()).toBigInt());
});

test('new heads follow each other and hash to their parents\' names', async () => {
  const heads = [];
  await until(take => api.rpc.chain.subscribeNewHeads(take), head => heads.push(head) === 3);
  for (const [i, head] of heads.slice(1).entries()) {
    assert.equal(head.number.toNumber(), heads[i].number.toNumber() + 1);
    assert.equal(head.parentHash.toHex(), heads[i].hash.toHex());
  }
});

test('finalized heads come one by one', async () => {
  const numbers = [];
  await until(take => api.rpc.chain.subscribeFinalizedHeads(take), head => numbers.push(head.number.toNumber()) === 3);
  assert.deepEqual(numbers, [numbers[0], numbers[0] + 1, numbers[0] + 2]);
});

test('a value is pushed when it changes, and read as it was at an old block', async () => {
  const address = who.charleth.address;
  const before = await api.rpc.chain.getFinalizedHead();
  const pushed = until(take => api.query.system.account(address, take), ({ data }) => data.free.toBigInt() > 1_000_000n * TPH);
  const { block } = await send(api, api.tx.balances.transferKeepAlive(address, 5n * TPH), who.dorothy);
  assert.equal((await pushed).data.free.toBigInt(), 1_000_005n * TPH);
  const free = async hash => (await (await api.at(hash)).query.system.account(address)).data.free.toBigInt();
  assert.equal(await free(before), 1_000_000n * TPH);
  assert.equal(await free(block), 1_000_005n * TPH);
});

test('the clock advances from block to block', async () => {
  const moments = [];
  await until(take => api.query.timestamp.now(take), moment => moments.push(moment.toNumber()) === 3);
  assert.ok(moments[0] < moments[1] && moments[1] < moments[2]);
});

test('an unknown block is an error with a reason', async () => {
  const unknown = '0x' + '11'.repeat(32);
  await assert.rejects(raw(node.url, 'state_getStorage', ['0x1234', unknown]), /4003: Client error: UnknownBlock/);
  await assert.rejects(api.at(unknown), /Unable to retrieve header/);
});

test('a read proof starts at the state root and holds the value', async () => {
  const hash = await api.rpc.chain.getFinalizedHead();
  const { stateRoot } = await api.rpc.chain.getHeader(hash);
  const key = api.query.system.account.key(who.alith.address);
  const { at, proof } = await api.rpc.state.getReadProof([key], hash);
  assert.equal(at.toHex(), hash.toHex());
  const nodes = proof.map(node => node.toHex());
  assert.ok(nodes.some(node => blake2AsHex(node) === stateRoot.toHex()));
  const value = (await api.rpc.state.getStorage(key, hash)).unwrap().toHex();
  // 80 bytes: the trie holds it by its hash, so the value itself is part of the proof.
  assert.ok(nodes.includes(value));
});
