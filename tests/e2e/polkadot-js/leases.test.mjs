// A rental from a client's side: machine, quote, rent with a workload, start, end, and where the money went.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { TPH, accounts, connect, event, raw, send } from './support/client.mjs';
import { Machine } from './support/machine.mjs';
import { startNode } from './support/node.mjs';
import { test } from './support/test.mjs';

let node;
let api;
let who;
let machine;
before(async () => {
  node = await startNode();
  ({ api } = await connect(node.url));
  who = await accounts();
  machine = new Machine(api);
});
after(async () => {
  await api?.disconnect();
  await node?.stop();
});

const workload = {
  image: { repository: '127.0.0.1:5000/povray', digest: '0x' + 'ab'.repeat(32) },
  command: ['povray', '+Iscene.pov'],
  environment: [{ name: 'THREADS', value: '2' }],
  sealedEnvironment: null,
  ports: [{ number: 8080, protocol: 'Tcp' }],
  diskBytes: 2 ** 30,
  memoryBytes: 2 ** 28,
  cpuMillis: 1000,
  network: 'Closed',
  restart: 'Never',
  deadlineMs: 60_000,
};
const order = { slots: 1, durationMs: 60_000 };
const rent = (changes = {}) => {
  const all = { slots: 1, duration: 60_000, price: 3600n * TPH, version: 1, workload, ...changes };
  return api.tx.leases.rent(machine.address, all.slots, all.duration, all.price, all.version, all.workload, null, null, null);
};

test('a machine registers, answers an auditor and is online: the machine pays no fee', async () => {
  const outcomes = await machine.bringOnline(who.baltathar, who.faith);
  for (const { error } of outcomes) assert.equal(error, undefined);
  event(outcomes[0], 'machines', 'Registered');
  event(outcomes[2], 'machines', 'ProbePassed');
  assert.equal((await api.query.system.account(machine.address)).data.free.toBigInt(), 0n);
});

test('compute_machines and compute_machine show claims, card and state', async () => {
  const { machines, next } = await raw(node.url, 'compute_machines', []);
  assert.equal(next, null);
  assert.equal(machines.length, 1);
  const [shown] = machines;
  assert.equal(shown.machine, machine.address);
  assert.equal(shown.owner, who.baltathar.address);
  assert.equal(shown.state, 'Online');
  assert.equal(shown.deviceClass, 'Cpu');
  assert.deepEqual(shown.freeSlots, [0, 1]);
  assert.equal(shown.bond, String(2000n * TPH));
  assert.equal(shown.card.slotHour, String(3600n * TPH));
  assert.equal(shown.claims.cpu, 'Test CPU');
  assert.deepEqual(await raw(node.url, 'compute_machine', [machine.address]), shown);
  assert.equal(await raw(node.url, 'compute_machine', [who.alith.address]), null);
  assert.deepEqual((await raw(node.url, 'compute_machines', [null, 10, 'Offline'])).machines, []);
  await assert.rejects(raw(node.url, 'compute_machines', [null, 101]), /-32602.*limit.*from 1 to 100/);
  await assert.rejects(raw(node.url, 'compute_machines', [null, 10, 'Gone']), /-32602.*state.*Bonded, Probing, Online/);
  // The same through polkadot-js, once it is told the method's name.
  assert.equal((await api.rpc.compute.machine(machine.address)).toJSON().state, 'Online');
});

test('compute_quote offers the machine, or says why not', async () => {
  const { quotes } = await raw(node.url, 'compute_quote', [order]);
  assert.equal(quotes[0].machine, machine.address);
  assert.equal(quotes[0].offer.deposit, String(60n * TPH));
  assert.equal(quotes[0].offer.burnPpm, 300_000);
  const refused = await raw(node.url, 'compute_quote', [{ slots: 3, durationMs: 10, maxPrice: '1', deviceClass: 'Gpu' }]);
  assert.equal(refused.quotes[0].offer, null);
  for (const why of ['NotEnoughSlots', 'DurationTooShort', 'PriceTooHigh', 'OtherClass'])
    assert.ok(refused.quotes[0].whyNot.includes(why), `${why} in ${refused.quotes[0].whyNot}`);
  await assert.rejects(raw(node.url, 'compute_quote', [{ slots: 0, durationMs: 1 }]), /-32602.*slots/);
});

test('an order that the machine does not take fails with a named error', async () => {
  const errors = [
    [{ slots: 3 }, 'leases.NotEnoughSlots'],
    [{ duration: 10 }, 'leases.DurationTooShort'],
    [{ price: 1n }, 'leases.PriceTooHigh'],
    [{ version: 9 }, 'leases.CardVersionChanged'],
    [{ workload: { ...workload, memoryBytes: 1 } }, 'leases.WorkloadNoMemory'],
  ];
  for (const [changes, name] of errors) assert.equal((await send(api, rent(changes), who.charleth)).error, name);
});

test('rent with a workload, start, end: every unit of the money is accounted for', async () => {
  const rented = await send(api, rent(), who.charleth);
  assert.equal(rented.error, undefined);
  const created = rented.events.find(({ event }) => event.section === 'leases').event;
  const id = created.data.lease.toString();

  // The whole workload is in the block; the state keeps its hash.
  const { block } = await api.rpc.chain.getBlock(rented.block);
  const asked = block.extrinsics[rented.index].method.args[5].unwrap();
  assert.equal(asked.image.repository.toString(), workload.image.repository);
  assert.deepEqual(asked.command.map(String), workload.command);
  const starting = await raw(node.url, 'compute_lease', [Number(id)]);
  assert.equal(starting.state, 'Starting');
  assert.equal(starting.workloadHash, asked.hash.toHex());
  assert.equal(starting.restart, 'Never');
  assert.equal(starting.ledger.deposited, String(60n * TPH));

  const confirmed = await send(api, api.tx.leases.confirmStart(id, '0x' + '00'.repeat(32)), machine.key);
  assert.equal(confirmed.error, undefined);
  assert.equal((await raw(node.url, 'compute_lease', [Number(id)])).state, 'Active');
  assert.deepEqual((await raw(node.url, 'compute_machine', [machine.address])).openLeases, [Number(id)]);

  const ended = await send(api, api.tx.leases.endLease(id), who.charleth);
  assert.equal(ended.error, undefined);
  const { ledger, state, closed } = await raw(node.url, 'compute_lease', [Number(id)]);
  assert.equal(state, 'Closed');
  assert.equal(closed.reason, 'EndedByRenter');
  const [deposited, burned, frontend, owner, refunded] =
    ['deposited', 'burned', 'frontend', 'owner', 'refunded'].map(part => BigInt(ledger[part]));
  assert.equal(deposited, burned + frontend + owner + refunded);
  assert.equal(ledger.left, '0');
  assert.ok(burned > 0n && owner > 0n && refunded > 0n);
  assert.equal(burned, ((burned + owner) * 3n) / 10n);
  assert.equal(event(ended, 'escrow', 'Burned').amount.toBigInt(), burned);

  const stats = await raw(node.url, 'compute_burnStats', []);
  assert.equal(stats.totalBurned, String(burned));
  assert.equal(stats.burnSharePpm, 300_000);
  assert.deepEqual(stats.days.map(({ burns }) => burns), [[{ reason: 'Rent', amount: String(burned), count: 1 }]]);
  assert.deepEqual((await raw(node.url, 'compute_leases', [who.charleth.address])).leases.map(({ lease }) => lease), [Number(id)]);
});

test('a machine\'s free call is refused in the pool when it is not due', async () => {
  const wrong = api.tx.machines.heartbeat(10 ** 9, 0).signAndSend(machine.key);
  await assert.rejects(wrong, /1010: Invalid Transaction: Custom error/);
});

test('a batch carries a rental', async () => {
  const both = api.tx.utility.batchAll([api.tx.balances.transferKeepAlive(who.alith.address, 1n), rent({ workload: null })]);
  const outcome = await send(api, both, who.dorothy);
  assert.equal(outcome.error, undefined);
  event(outcome, 'utility', 'BatchCompleted');
  event(outcome, 'escrow', 'Deposited');
});
