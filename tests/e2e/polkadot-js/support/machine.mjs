// A provider's machine without hardware: its keys, what they sign, and the free calls that keep it online.
import { stringToU8a, u8aConcat, u8aToHex, bnToU8a } from '@polkadot/util';
import { blake2AsU8a, secp256k1Sign } from '@polkadot/util-crypto';
import { Keyring } from '@polkadot/keyring';
import { TPH, send } from './client.mjs';

const secret = '0x' + 'c0'.repeat(32);
const key = new Keyring({ type: 'ethereum' }).addFromUri(secret);
const tlsKey = '0x' + '01'.repeat(32);
const boxKey = '0x' + '02'.repeat(32);

const claims = {
  gpus: [],
  slots: 2,
  cpu: 'Test CPU',
  cpuThreads: 4,
  memoryBytes: 8 * 2 ** 30,
  diskBytes: 100 * 2 ** 30,
  uploadBitsPerSecond: 10 ** 9,
  downloadBitsPerSecond: 10 ** 9,
  region: 'eu',
  driverVersion: '',
  workerVersion: '1',
  endpoint: '127.0.0.1:9960',
};
const card = { slotHour: 3600n * TPH, minimumDurationMs: 1000, maximumDurationMs: 3_600_000, frontendSharePpm: 0 };

export class Machine {
  constructor(api) {
    this.api = api;
    this.key = key;
    this.address = key.address;
  }

  /** register_machine, with the machine key's signature over genesis, itself, its owner, the counter and its claims. */
  async registration(owner, counter) {
    const { registerMachine } = this.api.tx.machines;
    const draft = registerMachine(this.address, claims, card, tlsKey, boxKey, new Uint8Array(65));
    this.claimsHash = blake2AsU8a(draft.args[1].toU8a());
    const message = u8aConcat(
      stringToU8a('tephra/machine/1'),
      this.api.genesisHash.toU8a(),
      key.addressRaw,
      owner.addressRaw,
      bnToU8a(counter, { bitLength: 32, isLe: true }),
      this.claimsHash,
      tlsKey,
      boxKey
    );
    const signature = secp256k1Sign(message, { secretKey: Uint8Array.from(Buffer.from(secret.slice(2), 'hex')) }, 'keccak');
    return registerMachine(this.address, claims, card, tlsKey, boxKey, u8aToHex(signature));
  }

  /** The right answer to an auditor's question. */
  answer(seed) {
    const question = u8aConcat(stringToU8a('tephra/probe/1'), this.api.genesisHash.toU8a(), key.addressRaw, seed, this.claimsHash);
    return this.api.tx.machines.answerProbe(blake2AsU8a(question));
  }

  /** Registered by `owner`, asked by `auditor`, online. */
  async bringOnline(owner, auditor) {
    const counter = (await this.api.query.machines.registrations(owner.address)).toNumber();
    const registered = await send(this.api, await this.registration(owner, counter), owner);
    const seed = new Uint8Array(32).fill(7);
    const asked = await send(this.api, this.api.tx.machines.openProbe(this.address, seed), auditor);
    const answered = await send(this.api, this.answer(seed), key);
    return [registered, asked, answered];
  }
}
