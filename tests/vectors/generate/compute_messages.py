#!/usr/bin/env python3
"""Makes machine-messages.json and renter-requests.json without any of the chain's code: Keccak-256, secp256k1 and RFC 6979
written out here, BLAKE2b and SHA-256 from Python. Run it from anywhere; the files only change when the formats do."""
import hashlib
import hmac
import json
import pathlib

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)
MASK = 2**64 - 1


def keccak256(data: bytes) -> bytes:
    def rol(x, n):
        n %= 64
        return ((x << n) | (x >> (64 - n))) & MASK

    state = [[0] * 5 for _ in range(5)]
    block = data + b"\x01" + bytes(-(len(data) + 1) % 136)
    block = block[:-1] + bytes([block[-1] | 0x80])
    for start in range(0, len(block), 136):
        for i in range(17):
            state[i % 5][i // 5] ^= int.from_bytes(block[start + 8 * i:start + 8 * i + 8], "little")
        lfsr = 1
        for _ in range(24):
            c = [state[x][0] ^ state[x][1] ^ state[x][2] ^ state[x][3] ^ state[x][4] for x in range(5)]
            d = [c[(x + 4) % 5] ^ rol(c[(x + 1) % 5], 1) for x in range(5)]
            state = [[state[x][y] ^ d[x] for y in range(5)] for x in range(5)]
            x, y, current = 1, 0, state[1][0]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                current, state[x][y] = state[x][y], rol(current, (t + 1) * (t + 2) // 2)
            for y in range(5):
                row = [state[x][y] for x in range(5)]
                for x in range(5):
                    state[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5] & MASK)
            for j in range(7):
                if lfsr & 1:
                    state[0][0] ^= 1 << (2**j - 1)
                lfsr = (lfsr << 1) ^ ((lfsr >> 7) * 0x171)
    return b"".join(state[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = (3 * a[0] * a[0] * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point):
    result = None
    while k:
        if k & 1:
            result = add(result, point)
        point, k = add(point, point), k >> 1
    return result


def account(secret: bytes) -> bytes:
    x, y = times(int.from_bytes(secret, "big"), G)
    return keccak256(x.to_bytes(32, "big") + y.to_bytes(32, "big"))[12:]


def nonce(secret: bytes, digest: bytes) -> int:
    v, k = b"\x01" * 32, bytes(32)
    reduced = (int.from_bytes(digest, "big") % N).to_bytes(32, "big")
    for tag in (b"\x00", b"\x01"):
        k = hmac.new(k, v + tag + secret + reduced, hashlib.sha256).digest()
        v = hmac.new(k, v, hashlib.sha256).digest()
    return int.from_bytes(hmac.new(k, v, hashlib.sha256).digest(), "big")


def sign(secret: bytes, digest: bytes) -> bytes:
    k = nonce(secret, digest)
    x, y = times(k, G)
    r = x % N
    s = pow(k, -1, N) * (int.from_bytes(digest, "big") + r * int.from_bytes(secret, "big")) % N
    parity = y & 1
    if s > N // 2:
        s, parity = N - s, parity ^ 1
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([parity])


def blake2b(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).digest()


def compact(n: int) -> bytes:
    if n < 64:
        return bytes([n << 2])
    return (n << 2 | 1).to_bytes(2, "little")


def text(s: str) -> bytes:
    return compact(len(s)) + s.encode()


def number(n: int, size: int) -> bytes:
    return n.to_bytes(size, "little")


def hexed(data: bytes) -> str:
    return "0x" + data.hex()


def claims(gpus: int) -> bytes:
    """One machine: `gpus` GPUs of 80 GiB, capability 9.0, and what else a registration says."""
    listed = b"".join(text("a gpu") + number(80 << 30, 8) + number(90, 2) + blake2b(bytes([i])) for i in range(gpus))
    return (compact(gpus) + listed + bytes([gpus or 2]) + text("a cpu") + number(64, 4) + number(512 << 30, 8) +
            number(4 << 40, 8) + number(10**9, 8) + number(10**9, 8) + text("eu-north") + text("550") + text("0.1.0") +
            (b"\x01" + text("rig.example:9960") if gpus else b"\x00"))


def machine_messages():
    genesis, owner, tls, box, seed = (blake2b(b) for b in (b"genesis", b"owner", b"tls", b"box", b"seed"))
    owner = owner[:20]
    for counter, gpus in ((0, 4), (1, 0), (70_000, 16)):
        secret = blake2b(b"machine" + bytes([gpus]))
        machine, claim_hash = account(secret), blake2b(claims(gpus))
        registration = keccak256(b"tephra/machine/1" + genesis + machine + owner + number(counter, 4) + claim_hash + tls + box)
        rotation = keccak256(b"tephra/rotate/1" + genesis + owner + machine + owner + number(counter, 4) + tls + box)
        yield {
            "genesis": hexed(genesis), "owner": hexed(owner), "counter": counter, "tls_key": hexed(tls), "box_key": hexed(box),
            "secret": hexed(secret), "machine": hexed(machine), "claims": hexed(claims(gpus)), "claims_hash": hexed(claim_hash),
            "registration_digest": hexed(registration), "registration_signature": hexed(sign(secret, registration)),
            "rotation_of": hexed(owner), "rotation_digest": hexed(rotation), "probe_seed": hexed(seed),
            "probe_answer": hexed(blake2b(b"tephra/probe/1" + genesis + machine + seed + claim_hash)),
        }


def renter_requests():
    genesis, secret = blake2b(b"genesis"), blake2b(b"renter")
    machine = account(blake2b(b"machine" + bytes([4])))
    for lease, method, body, count, expiry in ((0, "Logs", b"", 0, 0), (7, "Start", b"body", 1, 1_800_000_000_000),
                                               (2**64 - 1, "Download" * 20, bytes(1000), 2**64 - 1, 2**64 - 1)):
        message = (b"tephra/request/1" + genesis + machine + number(lease, 8) + text(method) + blake2b(body) +
                   number(count, 8) + number(expiry, 8))
        digest = keccak256(message)
        yield {
            "genesis": hexed(genesis), "machine": hexed(machine), "lease": str(lease), "method": method, "body": hexed(body),
            "nonce": str(count), "expiry_ms": str(expiry), "secret": hexed(secret), "renter": hexed(account(secret)),
            "digest": hexed(digest), "signature": hexed(sign(secret, digest)),
        }


if __name__ == "__main__":
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    here = pathlib.Path(__file__).resolve().parent.parent
    for name, cases in (("machine-messages.json", machine_messages()), ("renter-requests.json", renter_requests())):
        (here / name).write_text(json.dumps(list(cases), indent=2) + "\n")
