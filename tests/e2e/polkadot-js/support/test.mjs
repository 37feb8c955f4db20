// node:test with a bound: what hangs fails.
import { test as plain } from 'node:test';

export const test = (name, body) => plain(name, { timeout: 120_000 }, body);
