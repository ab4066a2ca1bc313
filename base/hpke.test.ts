import { expect, test } from "vitest";
import { hpkePublicKey, openBase, openRecipient, openSender, sealBase } from "./hpke.ts";

// RFC 7748 §5.2, first iteration: the scalar 9 times the base point.
const privateKey = Buffer.concat([Buffer.from([9]), Buffer.alloc(31)]);
const info = Buffer.from("info");
const publicKey = hpkePublicKey(privateKey);

test("the public key follows from the private key", () => {
  expect(publicKey.toString("hex")).toBe("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
});

test("both ends of a context export the same secret, and another context or info gives another", async () => {
  const sender = await openSender({ publicKey, info });
  const recipient = await openRecipient({ privateKey, enc: sender.enc, info });
  const secret = await sender.exportSecret("a", 32);
  expect(sender.enc).toHaveLength(32);
  expect(await recipient.exportSecret("a", 32)).toEqual(secret);
  expect(await recipient.exportSecret("b", 32)).not.toEqual(secret);
  const other = await openRecipient({ privateKey, enc: sender.enc, info: Buffer.from("other") });
  expect(await other.exportSecret("a", 32)).not.toEqual(secret);
});

test("a sealed message opens with its key, info and associated data only", async () => {
  const plaintext = Buffer.from("the vault secret");
  const sealed = await sealBase({ publicKey, info, plaintext });
  expect(await openBase({ privateKey, info, ...sealed })).toEqual(plaintext);
  expect(await openBase({ privateKey, info: Buffer.from("x"), ...sealed })).toBeUndefined();
  expect(await openBase({ privateKey, info, aad: Buffer.from("x"), ...sealed })).toBeUndefined();
  expect(await openBase({ privateKey: Buffer.alloc(32, 7), info, ...sealed })).toBeUndefined();
  const altered = Buffer.from(sealed.ciphertext);
  altered[0] = (altered[0] ?? 0) ^ 1;
  expect(await openBase({ privateKey, info, enc: sealed.enc, ciphertext: altered })).toBeUndefined();
});

test("views into a shared buffer are taken exactly", async () => {
  const shared = Buffer.concat([Buffer.alloc(5, 1), Buffer.from("secret"), Buffer.alloc(5, 2)]);
  const sealed = await sealBase({ publicKey, info, plaintext: shared.subarray(5, 11) });
  expect(sealed.ciphertext).toHaveLength(6 + 16);
  expect((await openBase({ privateKey, info, ...sealed }))?.toString()).toBe("secret");
});
