// Writes ../signatures.json and ../hashes.json. Every value is made by one library and checked by another one.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { Keyring } from '@polkadot/keyring';
import { blake2AsHex, cryptoWaitReady, keccakAsHex, xxhashAsHex } from '@polkadot/util-crypto';
import { SigningKey, Wallet, computeAddress, getBytes, hexlify, keccak256, recoverAddress } from 'ethers';

await cryptoWaitReady();

/// The same bytes in every run: keccak of a counter, again and again.
let counter = 0;
const bytes = (size) => {
    const out = [];
    while (out.length < size) out.push(...keccak_256(new TextEncoder().encode(`tephra ${counter++}`)));
    return Uint8Array.from(out.slice(0, size));
};

const hashes = [0, 1, 3, 8, 31, 32, 33, 63, 64, 65, 127, 128, 129, 135, 136, 137, 255, 256, 257, 1000].map((size) => {
    const input = bytes(size);
    const digest = (bits) => hexlify(blake2b(input, { dkLen: bits / 8 }));
    for (const bits of [64, 128, 256]) assert.equal(digest(bits), blake2AsHex(input, bits));
    const keccak = hexlify(keccak_256(input));
    assert.equal(keccak, keccakAsHex(input));
    assert.equal(keccak, keccak256(input));
    return {
        input: hexlify(input),
        blake2b_64: digest(64), blake2b_128: digest(128), blake2b_256: digest(256),
        keccak_256: keccak, sha256: hexlify(sha256(input)),
        twox64: xxhashAsHex(input, 64), twox128: xxhashAsHex(input, 128),
    };
});

const keyring = new Keyring({ type: 'ethereum' });
const signatures = [];
for (let i = 0; i < 40; ++i) {
    const secret = hexlify(bytes(32));
    const message = bytes([0, 1, 31, 32, 33, 64, 100, 255, 256, 257, 600][i % 11]);
    const pair = keyring.addFromSeed(getBytes(secret));
    const digest = keccak256(message);
    const byEthers = new SigningKey(secret).sign(digest);
    const byPolkadot = hexlify(pair.sign(message));
    const account = computeAddress(secret);
    assert.equal(pair.address, account);
    assert.equal(recoverAddress(digest, byEthers), account);
    const asParts = { r: byPolkadot.slice(0, 66), s: '0x' + byPolkadot.slice(66, 130), v: 27 + Number('0x' + byPolkadot.slice(130)) };
    assert.equal(recoverAddress(digest, asParts), account);
    const personal = await new Wallet(secret).signMessage(message);
    signatures.push({
        secret, account, publicKey: hexlify(pair.publicKey), message: hexlify(message), digest,
        // r, s, recovery id 0 or 1
        ethers: byEthers.r + byEthers.s.slice(2) + (byEthers.yParity === 0 ? '00' : '01'),
        polkadot: byPolkadot,
        // v is 27 or 28, over the message with EIP-191's words before it
        personal,
    });
}

const write = (name, value) => writeFileSync(new URL(`../${name}.json`, import.meta.url), JSON.stringify(value, null, 1) + '\n');
write('hashes', hashes);
write('signatures', signatures);
