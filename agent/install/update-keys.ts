/** Whose updates this build takes: `scripts/single.ts` puts the keys of whoever publishes it here. Ed25519 public keys, hexadecimal. */
export const BUILT_IN_KEYS: readonly string[] = [];
