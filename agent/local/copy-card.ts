/**
 * `copy.json`: whose copy this is, its own id, and what opens the vault besides the key itself (format §9.4). Somebody who has it can do nothing
 * with it but try passphrases against a custom wrap, at what Argon2id makes each try cost.
 */
import { z } from "zod";
import { writeDurably } from "../../base/durable-file.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { base64, id16, id32, instant } from "../../protocol/messages/fields.ts";
import { wrap } from "../../protocol/messages/machines.ts";
import { isAbsent, onDisk } from "./disk-errors.ts";
import { readPlain } from "./plain-file.ts";

const copyCard = z.object({
  version: z.literal(1),
  /** At random; stands for the record before the first one. */
  copy: id32,
  vault: id16,
  machine: id16,
  epoch: z.int().min(1),
  readKey: base64(32, 32),
  /** What people call the machine. */
  name: z.string().max(200),
  /** null: not known yet; then only the recovery kit opens it. */
  wrap: wrap.nullable(),
  madeAt: instant,
});
export type CopyCard = z.infer<typeof copyCard>;

const CARD_BYTES_MAX = 64 * 1024;

/** `undefined` when there is none. Throws `local/damaged`. */
export async function findCard(path: string): Promise<CopyCard | undefined> {
  const bytes = await readPlain(path, CARD_BYTES_MAX).catch((error: unknown) =>
    isAbsent(error) ? undefined : fail(path, error),
  );
  if (bytes === undefined) return undefined;
  try {
    return copyCard.parse(JSON.parse(bytes.toString()));
  } catch (cause) {
    const reason = "its copy.json is damaged or from a later version";
    throw new HoldfastError("local/damaged", { path, reason }, { cause });
  }
}

export const writeCard = (path: string, card: CopyCard): Promise<void> =>
  onDisk(path, () => writeDurably(path, Buffer.from(`${JSON.stringify(card, null, 2)}\n`)));

function fail(path: string, cause: unknown): never {
  if (cause instanceof HoldfastError) throw cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new HoldfastError("local/missing", { path, reason }, { cause });
}
