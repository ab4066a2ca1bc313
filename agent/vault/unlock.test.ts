import { expect, test } from "vitest";
import { deriveVaultKeys } from "../keys/vault-keys.ts";
import { wrapCustom } from "../keys/wraps.ts";
import { unlock } from "./unlock.ts";

const secret = Buffer.alloc(32, 1);
const vault = Buffer.alloc(16, 2);
const keys = deriveVaultKeys(secret, vault, 1);
const facts = { id: vault.toString("hex"), epoch: 1, readKey: keys.readPublic.toString("base64") };
const never = async (): Promise<string> => {
  throw new Error("the passphrase must not be asked for");
};

test("a released secret gives the vault's keys, without a passphrase", async () => {
  const wrap = { kind: "released", secret: secret.toString("base64") } as const;
  expect(await unlock({ vault: facts, wrap }, { passphrase: never })).toEqual(keys);
});

test("a secret that is not this vault's is refused", async () => {
  const wrap = { kind: "released", secret: Buffer.alloc(32, 9).toString("base64") } as const;
  await expect(unlock({ vault: facts, wrap }, { passphrase: never })).rejects.toMatchObject({
    code: "key/not-this-vault",
  });
  const released = { kind: "released", secret: secret.toString("base64") } as const;
  const elsewhere = { ...facts, epoch: 2, readKey: Buffer.alloc(32, 3).toString("base64") };
  await expect(unlock({ vault: elsewhere, wrap: released }, { passphrase: never })).rejects.toMatchObject({
    code: "key/not-this-vault",
  });
});

test("a custom key opens with its passphrase only, and not for another vault", async () => {
  const wrap = await wrapCustom(secret, { vault, epoch: 1 }, "correct horse", (length) => Buffer.alloc(length, 5));
  expect(await unlock({ vault: facts, wrap }, { passphrase: async () => "correct horse" })).toEqual(keys);
  const wrong = unlock({ vault: facts, wrap }, { passphrase: async () => "wrong horse" });
  await expect(wrong).rejects.toMatchObject({ code: "key/wrong-passphrase" });
  await expect(unlock({ vault: facts, wrap })).rejects.toMatchObject({ code: "key/passphrase-missing" });
  const other = { ...facts, id: Buffer.alloc(16, 8).toString("hex") };
  const moved = unlock({ vault: other, wrap }, { passphrase: async () => "correct horse" });
  await expect(moved).rejects.toMatchObject({ code: "key/not-this-vault" });
});

test("a wrap that a service has weakened is refused before the passphrase is asked for", async () => {
  const wrap = await wrapCustom(secret, { vault, epoch: 1 }, "correct horse", (length) => Buffer.alloc(length, 5));
  const weak = { ...wrap, argon2: { ...wrap.argon2, memoryKiB: 1024 } };
  await expect(unlock({ vault: facts, wrap: weak }, { passphrase: never })).rejects.toMatchObject({
    code: "key/weak-wrap",
  });
});
