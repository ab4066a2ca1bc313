/**
 * Where a machine keeps its write keys and its token: one file that only its owner can read. Nothing in it opens a snapshot. Where somebody has asked for
 * it, the file is sealed, and its key lies in the system's keystore.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../base/durable-file.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { base64, id16 } from "../../protocol/messages/fields.ts";
import type { Keystore } from "./keystore.ts";
import type { WriteKeys } from "./vault-keys.ts";

export interface MachineSecrets {
  readonly keys: WriteKeys;
  /** Agent token for the service. */
  readonly token: string;
  /** The service's receipt key at registration (Ed25519 public): later receipts must be signed by it. */
  readonly receiptKey: Buffer;
}

const key32 = base64(32, 32);
const keyFile = z.strictObject({
  version: z.literal(1),
  token: z.string(),
  vault: id16,
  epoch: z.int().min(1),
  readKey: key32,
  idKey: key32,
  splitKey: key32,
  machineKey: key32,
  signerProof: key32,
  receiptKey: key32,
});

export const keyFilePath = (dataFolder: string): string => join(dataFolder, "keys.json");

export type KeyStoring = "file" | "keystore";

/** `keystore`: seals it. */
export async function writeKeyFile(path: string, secrets: MachineSecrets, keystore?: Keystore): Promise<void> {
  const plain = encode(secrets);
  const bytes = keystore ? await sealed(plain, secrets, keystore) : plain;
  await writeDurably(path, bytes, { mode: 0o600 });
}

async function sealed(plain: Buffer, { keys }: MachineSecrets, keystore: Keystore): Promise<Buffer> {
  const { sealKeys } = await import("./sealed-keys.ts");
  const file = await sealKeys(plain, keys.vault.toString("hex"), keystore);
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`);
}

function encode({ keys, token, receiptKey }: MachineSecrets): Buffer {
  const text = (bytes: Buffer) => bytes.toString("base64");
  const file: z.infer<typeof keyFile> = {
    version: 1,
    token,
    vault: keys.vault.toString("hex"),
    epoch: keys.epoch,
    readKey: text(keys.readPublic),
    idKey: text(keys.idKey),
    splitKey: text(keys.splitKey),
    machineKey: text(keys.signerSeed),
    signerProof: text(keys.signerProof),
    receiptKey: text(receiptKey),
  };
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`);
}

/** `undefined` when there is no file. Throws `settings/invalid` when it can't be used, `keystore/unavailable`. */
export async function readKeyFile(path: string, keystore?: Keystore): Promise<MachineSecrets | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const file = parse(path, isSealed(text) ? await opened(path, text, keystore) : text);
  const bytes = (value: string) => Buffer.from(value, "base64");
  return {
    token: file.token,
    receiptKey: bytes(file.receiptKey),
    keys: {
      vault: Buffer.from(file.vault, "hex"),
      epoch: file.epoch,
      readPublic: bytes(file.readKey),
      idKey: bytes(file.idKey),
      splitKey: bytes(file.splitKey),
      signerSeed: bytes(file.machineKey),
      signerProof: bytes(file.signerProof),
    },
  };
}

/** Where its content is. */
export async function findKeyStoring(path: string): Promise<KeyStoring> {
  return isSealed((await readText(path)) ?? "") ? "keystore" : "file";
}

const isSealed = (text: string): boolean => /^\s*\{\s*"version":\s*1,\s*"keystore":/.test(text);

async function opened(path: string, text: string, given: Keystore | undefined): Promise<string> {
  // Few machines have it so: the others load nothing for it.
  const { openKeys, sealedKeys } = await import("./sealed-keys.ts");
  const keystore = given ?? (await import("./keystore.ts")).systemKeystore;
  const file = sealedKeys.safeParse(orDamaged(path, () => JSON.parse(text)));
  if (!file.success) throw damaged(path, file.error);
  return (await openKeys(file.data, keystore)).toString();
}

const readText = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new HoldfastError("settings/invalid", { path, reason: error.message }, { cause: error });
  });

const parse = (path: string, text: string): z.infer<typeof keyFile> =>
  orDamaged(path, () => keyFile.parse(JSON.parse(text)));

function orDamaged<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw damaged(path, cause);
  }
}

const damaged = (path: string, cause: unknown): HoldfastError =>
  new HoldfastError("settings/invalid", { path, reason: "it is damaged or from another version" }, { cause });
