// What a client learns before it does anything: names, metadata, types, constants, runtime APIs.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Metadata, TypeRegistry } from '@polkadot/types';
import { connect } from './support/client.mjs';
import { startNode } from './support/node.mjs';
import { test } from './support/test.mjs';

let node;
let api;
let warnings;
before(async () => {
  node = await startNode();
  ({ api, warnings } = await connect(node.url));
});
after(async () => {
  await api?.disconnect();
  await node?.stop();
});

test('polkadot-js connects without a warning but for the methods that it has no words for', () => {
  const [line, ...others] = warnings;
  assert.match(line, /RPC methods not decorated: consensus_participation, consensus_proofs, consensus_state, rpc\.discover, system_setLogLevel$/);
  assert.deepEqual(others, []);
});

test('names, properties and health', async () => {
  assert.equal((await api.rpc.system.chain()).toString(), 'Tephra Development');
  assert.equal((await api.rpc.system.chainType()).toString(), 'Development');
  assert.equal((await api.rpc.system.name()).toString(), 'tephra-node');
  const properties = await api.rpc.system.properties();
  assert.equal(properties.isEthereum.isTrue, true);
  assert.deepEqual(properties.tokenSymbol.unwrap().toJSON(), ['TPH']);
  assert.deepEqual(properties.tokenDecimals.unwrap().toJSON(), [18]);
  assert.deepEqual((await api.rpc.system.health()).toJSON(), { peers: 0, isSyncing: false, shouldHavePeers: false });
  assert.equal(api.runtimeVersion.specName.toString(), 'tephra');
});

test('metadata is read as V15 and encodes back to the same bytes, V14 too', async () => {
  assert.equal(api.runtimeMetadata.version, 15);
  for (const version of [14, 15]) {
    const opaque = await api.call.metadata.metadataAtVersion(version);
    const bytes = opaque.unwrap().toHex();
    assert.equal(new Metadata(new TypeRegistry(), bytes).toHex(), bytes);
    if (version === 14) assert.equal((await api.rpc.state.getMetadata()).toHex(), bytes);
  }
  assert.deepEqual((await api.call.metadata.metadataVersions()).toJSON(), [14, 15]);
});

test('pallets stand at their indices', () => {
  const pallets = api.runtimeMetadata.asLatest.pallets.map(({ name, index }) => `${index} ${name}`);
  assert.deepEqual(pallets, [
    '0 System', '1 Timestamp', '2 Balances', '3 TransactionPayment', '4 Utility', '5 Sudo', '6 Validators',
    '10 Machines', '11 Leases', '12 Escrow',
  ]);
});

test('accounts and signatures are Ethereum\'s; extrinsics are version 4 with the known extensions', () => {
  const { extrinsic } = api.runtimeMetadata.asLatest;
  const type = id => api.registry.lookup.getTypeDef(id);
  assert.equal(type(extrinsic.addressType).lookupName ?? type(extrinsic.addressType).type, 'AccountId20');
  assert.equal(api.registry.createType('Address', '0x' + '11'.repeat(20)).toU8a().length, 20);
  assert.equal(api.registry.createType('ExtrinsicSignature', '0x' + '11'.repeat(65)).toU8a().length, 65);
  assert.equal(api.extrinsicVersion, 4);
  assert.deepEqual(api.registry.signedExtensions, [
    'CheckNonZeroSender', 'CheckSpecVersion', 'CheckTxVersion', 'CheckGenesis', 'CheckMortality', 'CheckNonce',
    'CheckWeight', 'ChargeTransactionPayment', 'CheckMetadataHash',
  ]);
});

test('constants that clients read', () => {
  const { consts } = api;
  assert.equal(consts.system.version.toHex(), api.registry.createType('RuntimeVersion', api.runtimeVersion).toHex());
  assert.ok(consts.system.blockHashCount.toNumber() >= 256);
  assert.ok(consts.balances.existentialDeposit.toBigInt() > 0n);
  assert.ok(consts.system.blockWeights.maxBlock.refTime.toBigInt() > 0n);
  assert.ok(consts.system.blockLength.max.normal.toNumber() > 0);
  assert.equal(consts.leases.workloadBytesMax.toNumber(), 8192);
  assert.equal(consts.machines.slotsMax.toNumber(), 16);
});

test('runtime APIs are called by name', async () => {
  const version = await api.call.core.version();
  assert.equal(version.specVersion.toNumber(), api.runtimeVersion.specVersion.toNumber());
  for (const name of ['accountNonceApi', 'transactionPaymentApi', 'taggedTransactionQueue', 'metadata', 'core'])
    assert.ok(api.call[name], name);
});

test('errors, events and calls carry their docs', () => {
  const { docs } = api.errors.leases.NotEnoughSlots.meta;
  assert.ok(docs.join(' ').length > 20);
  assert.ok(api.tx.leases.rent.meta.docs.join(' ').includes('Rent slots'));
  assert.ok(api.events.escrow.Burned.meta.docs.join(' ').length > 10);
});

test('rpc.discover describes what rpc_methods lists', async () => {
  const listed = (await api.rpc.rpc.methods()).methods.map(String);
  const post = async body =>
    (await fetch(node.http, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json();
  const call = method => ({ jsonrpc: '2.0', id: method, method, params: [] });
  const [discovered, health] = await post([call('rpc.discover'), call('system_health')]);
  assert.equal(health.id, 'system_health');
  for (const { name } of discovered.result.methods) assert.ok(listed.includes(name), name);
  assert.ok(!listed.some(name => /^(chainHead|archive|transaction|chainSpec)_/.test(name)));
});
