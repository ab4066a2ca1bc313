/** Session keys by their encapsulated key. Getting one is a curve operation, so they are remembered: some 100 bytes each, a thousand at most. */
import type { VaultKeys } from "../keys/vault-keys.ts";
import { Lru } from "./lru.ts";
import { readSessionKey } from "./seal-session.ts";

const KEYS_MAX = 1024;

export class SessionKeys {
  readonly #keys: VaultKeys;
  readonly #known = new Lru<Promise<Buffer>>(KEYS_MAX);

  constructor(keys: VaultKeys) {
    this.#keys = keys;
  }

  /** 32 bytes. Throws when `enc` is no possible encapsulated key. */
  async get(enc: Buffer): Promise<Buffer> {
    const name = enc.toString("latin1");
    const known = this.#known.find(name);
    if (known !== undefined) return await known;
    const key = readSessionKey(this.#keys, enc);
    this.#known.put(name, key);
    return await key;
  }
}
