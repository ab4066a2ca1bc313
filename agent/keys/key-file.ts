/** Where a machine keeps its write keys and its token: one file that only its owner can read. Nothing in it opens a snapshot. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../base/durable-file.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { base64, id16 } from "../../protocol/messages/fields.ts";
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

export async function writeKeyFile(path: string, { keys, token, receiptKey }: MachineSecrets): Promise<void> {
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
  await writeDurably(path, Buffer.from(`${JSON.stringify(file, null, 2)}\n`), { mode: 0o600 });
}

/** `undefined` when there is no file. Throws `settings/invalid` when it can't be used. */
export async function readKeyFile(path: string): Promise<MachineSecrets | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new HoldfastError("settings/invalid", { path, reason: error.message }, { cause: error });
  });
  if (text === undefined) return undefined;
  const file = parse(path, text);
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

function parse(path: string, text: string): z.infer<typeof keyFile> {
  try {
    return keyFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new HoldfastError("settings/invalid", { path, reason: "it is damaged or from another version" }, { cause });
  }
}
