// Signed transactions, good and bad.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Keyring } from '@polkadot/keyring';
import { TPH, accounts, connect, event, raw, send, statuses, until } from './support/client.mjs';
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

const transfer = (to, amount) => api.tx.balances.transferKeepAlive(to.address, amount);
const free = async pair => (await api.query.system.account(pair.address)).data.free.toBigInt();
const nonce = async pair => (await api.rpc.system.accountNextIndex(pair.address)).toNumber();

test('a transfer: statuses, events, balances, and System.ExtrinsicSuccess as its last event', async () => {
  const before = [await free(who.alith), await free(who.baltathar)];
  const outcome = await send(api, transfer(who.baltathar, 3n * TPH), who.alith, { until: 'finalized' });
  assert.equal(outcome.error, undefined);
  const [from, to, amount] = event(outcome, 'balances', 'Transfer');
  assert.deepEqual([from.toString(), to.toString(), amount.toBigInt()], [who.alith.address, who.baltathar.address, 3n * TPH]);
  const last = outcome.events.at(-1).event;
  assert.equal(`${last.section}.${last.method}`, 'system.ExtrinsicSuccess');
  assert.equal(await free(who.baltathar), before[1] + 3n * TPH);
  // Alith is the author of every block too: half of the fee comes back.
  assert.ok((await free(who.alith)) < before[0] - 3n * TPH);
});

test('a watched transaction is ready, in a block, final: one after the other', async () => {
  assert.deepEqual(await statuses(api, transfer(who.alith, 1n), who.baltathar), ['Ready', 'InBlock', 'Finalized']);
});

test('the block holds the transaction, signed by its sender', async () => {
  const outcome = await send(api, transfer(who.alith, 1n), who.charleth);
  const { block } = await api.rpc.chain.getBlock(outcome.block);
  const found = block.extrinsics[outcome.index];
  assert.equal(found.hash.toHex(), outcome.hash);
  assert.equal(found.signer.toString(), who.charleth.address);
  assert.equal(`${found.method.section}.${found.method.method}`, 'balances.transferKeepAlive');
  assert.equal(block.extrinsics[0].method.section, 'timestamp');
});

test('the fee that is asked for is the fee that is paid', async () => {
  const tx = transfer(who.alith, 7n * TPH);
  const { partialFee, weight, class: dispatchClass } = await tx.paymentInfo(who.dorothy);
  assert.ok(partialFee.toBigInt() > 0n && weight.refTime.toBigInt() > 0n);
  assert.ok(dispatchClass.isNormal);
  const tip = 5n;
  const outcome = await send(api, tx, who.dorothy, { tip });
  const [payer, actual, paidTip] = event(outcome, 'transactionPayment', 'TransactionFeePaid');
  assert.equal(payer.toString(), who.dorothy.address);
  assert.equal(actual.toBigInt(), partialFee.toBigInt() + tip);
  assert.equal(paidTip.toBigInt(), tip);
  const signed = await transfer(who.alith, 7n * TPH).signAsync(who.dorothy, { nonce: -1 });
  const info = await raw(node.url, 'payment_queryInfo', [signed.toHex()]);
  assert.deepEqual(info, {
    weight: { ref_time: weight.refTime.toNumber(), proof_size: weight.proofSize.toNumber() },
    class: 'normal',
    partialFee: partialFee.toString(),
  });
  const details = await api.rpc.payment.queryFeeDetails(signed.toHex());
  const { baseFee, lenFee, adjustedWeightFee } = details.inclusionFee.unwrap();
  assert.equal(baseFee.toBigInt() + lenFee.toBigInt() + adjustedWeightFee.toBigInt(), partialFee.toBigInt());
});

test('a batch runs its calls in order and stops at the first that fails', async () => {
  const poor = { address: '0x' + '77'.repeat(20) };
  const tooMuch = 10n ** 30n;
  const good = await send(api, api.tx.utility.batch([transfer(who.alith, 1n), transfer(poor, TPH)]), who.ethan);
  event(good, 'utility', 'BatchCompleted');
  assert.equal(await free(poor), TPH);

  const before = await free(poor);
  const stopped = await send(api, api.tx.utility.batch([transfer(poor, TPH), transfer(poor, tooMuch), transfer(poor, TPH)]), who.ethan);
  assert.equal(stopped.error, undefined);
  const [index] = event(stopped, 'utility', 'BatchInterrupted');
  assert.equal(index.toNumber(), 1);
  assert.equal(await free(poor), before + TPH);

  const nothing = await send(api, api.tx.utility.batchAll([transfer(poor, TPH), transfer(poor, tooMuch)]), who.ethan);
  assert.match(nothing.error, /FundsUnavailable/);
  event(nothing, 'system', 'ExtrinsicFailed');
  assert.equal(await free(poor), before + TPH);
});

test('a failed call is named by its decoded error and still costs its fee', async () => {
  const outcome = await send(api, transfer(who.alith, 10n ** 30n), who.faith);
  assert.match(outcome.error, /FundsUnavailable/);
  const before = await free(who.faith);
  const unknown = await send(api, api.tx.leases.endLease(999), who.faith);
  assert.equal(unknown.error, 'leases.UnknownLease');
  assert.ok((await free(who.faith)) < before);
});

test('a wrong signature is refused: 1010, bad signature', async () => {
  const signed = await transfer(who.alith, 1n).signAsync(who.baltathar, { nonce: -1 });
  const bytes = signed.toU8a();
  bytes[bytes.length - 1] ^= 4;  // another amount than the one that was signed
  const hex = '0x' + Buffer.from(bytes).toString('hex');
  await assert.rejects(raw(node.url, 'author_submitExtrinsic', [hex]), /1010: Invalid Transaction: Transaction has a bad signature/);
});

test('a used nonce is refused: 1010, outdated', async () => {
  await send(api, transfer(who.alith, 1n), who.baltathar);
  const stale = transfer(who.alith, 2n).signAndSend(who.baltathar, { nonce: 0 });
  await assert.rejects(stale, /1010: Invalid Transaction: Transaction is outdated/);
});

test('the same transaction twice is refused: 1013', async () => {
  const signed = await transfer(who.alith, 3n).signAsync(who.baltathar, { nonce: (await nonce(who.baltathar)) + 5 });
  await api.rpc.author.submitExtrinsic(signed);
  await assert.rejects(api.rpc.author.submitExtrinsic(signed), /1013: Transaction Already Imported/);
});

test('a nonce from the future waits for the ones before it', async () => {
  const first = await nonce(who.charleth);
  let isWaiting;
  const waits = new Promise(done => (isWaiting = done));
  const late = statuses(api, transfer(who.alith, 1n), who.charleth, { nonce: first + 1, onStatus: isWaiting });
  await waits;
  assert.equal(await nonce(who.charleth), first);
  await send(api, transfer(who.alith, 1n), who.charleth, { nonce: first });
  assert.deepEqual(await late, ['Future', 'Ready', 'InBlock', 'Finalized']);
  assert.equal(await nonce(who.charleth), first + 2);
});

test('mortal and immortal transactions pass; an expired one is refused', async () => {
  for (const era of [0, 8, 64, 4096]) {
    const outcome = await send(api, transfer(who.alith, 1n), who.dorothy, { era });
    const { block } = await api.rpc.chain.getBlock(outcome.block);
    assert.equal(block.extrinsics[outcome.index].era.isMortalEra, era !== 0);
  }
  // The shortest era, begun so long ago that it is over.
  const start = await api.rpc.chain.getHeader(await api.rpc.chain.getBlockHash(1));
  await until(take => api.rpc.chain.subscribeNewHeads(take), head => head.number.toNumber() > 8);
  const options = {
    nonce: await nonce(who.dorothy),
    blockHash: start.hash,
    era: api.registry.createType('ExtrinsicEra', { current: 1, period: 4 }),
  };
  const signed = await transfer(who.alith, 1n).signAsync(who.dorothy, options);
  await assert.rejects(api.rpc.author.submitExtrinsic(signed), /1010: Invalid Transaction: (Transaction has a bad signature|Transaction has an ancient birth block)/);
});

test('a higher tip replaces a waiting transaction', async () => {
  const gap = (await nonce(who.faith)) + 1;
  let isWaiting;
  const waits = new Promise(done => (isWaiting = done));
  let last;
  const first = statuses(api, transfer(who.alith, 1n), who.faith, {
    nonce: gap,
    last: 'Usurped',
    onStatus: status => {
      last = status;
      isWaiting();
    },
  });
  await waits;
  await assert.rejects(transfer(who.alith, 2n).signAndSend(who.faith, { nonce: gap }), /1014/);
  const better = await transfer(who.alith, 2n).signAsync(who.faith, { nonce: gap, tip: TPH });
  await api.rpc.author.submitExtrinsic(better);
  assert.deepEqual(await first, ['Future', 'Usurped']);
  assert.equal(last.asUsurped.toHex(), better.hash.toHex());
});

test('who cannot pay the fee is refused: 1010', async () => {
  const broke = new Keyring({ type: 'ethereum' }).addFromUri('0x' + '42'.repeat(32));
  await assert.rejects(transfer(who.alith, 1n).signAndSend(broke), /1010: Invalid Transaction: Inability to pay some fees/);
});

test('bytes that are no extrinsic are refused: 1001', async () => {
  await assert.rejects(raw(node.url, 'author_submitExtrinsic', ['0x0401']), /1001: Extrinsic has invalid format/);
});

test('fifty transactions in flight from one account all arrive, in order', async () => {
  const first = await nonce(who.ethan);
  const target = { address: '0x' + '55'.repeat(20) };
  await send(api, transfer(target, TPH), who.alith);
  const before = await free(target);
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, i) => send(api, transfer(target, BigInt(i + 1)), who.ethan, { nonce: first + i }))
  );
  assert.ok(outcomes.every(({ error }) => error === undefined));
  assert.equal(await free(target), before + 1275n);
  assert.equal(await nonce(who.ethan), first + 50);
  const blocks = new Map();
  for (const { block, index } of outcomes) blocks.set(block, [...(blocks.get(block) ?? []), index]);
  for (const indices of blocks.values()) assert.deepEqual(indices, [...indices].sort((a, b) => a - b));
});
