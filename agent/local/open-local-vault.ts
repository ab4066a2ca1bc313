/** Opens a local copy for reading with what a person has. No service is asked for anything. */
import { type Clock, systemClock } from "../../base/clock.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Openers } from "../keys/openers.ts";
import type { KnownSnapshot, Vault as OpenedVault } from "../vault/vault.ts";
import { chooseCopy } from "./find-copies.ts";
import { openCopyToRead } from "./open-copy.ts";
import { readRemote } from "./read-remote.ts";

export interface OpenLocalVaultOptions {
  readonly folder: string;
  /** Hexadecimal id, or a machine's name; not needed where there is one only. */
  readonly machine?: string | undefined;
  /** Of this computer: what is meant where there are several. */
  readonly ownMachine?: string | undefined;
  readonly openers: Openers;
  /** The newest snapshot that this machine knows to be in the copy with this id. */
  readonly known?: ((copy: string) => Promise<KnownSnapshot | undefined>) | undefined;
  /** It is not there. Whoever needs files takes what is left, and is told. */
  readonly onOlder?: ((shown: number, known: number) => void) | undefined;
  readonly clock?: Clock;
}

/** Throws `local/…`, `key/kit-needed` and what `unlock` throws. */
export async function openLocalVault(options: OpenLocalVaultOptions): Promise<OpenedVault> {
  const { folder, openers, clock = systemClock } = options;
  const { root, card } = await chooseCopy(folder, options.machine, options.ownMachine);
  const [{ Vault }, { unlock }] = await Promise.all([import("../vault/vault.ts"), import("../vault/unlock.ts")]);
  const { wrap } = card;
  if (!openers.kit && (wrap === null || wrap.kind === "default")) throw new HoldfastError("key/kit-needed");
  const vault = { id: card.vault, epoch: card.epoch, readKey: card.readKey };
  const keys = await unlock({ vault, wrap: wrap ?? { kind: "released", secret: "" } }, openers);
  const copy = await openCopyToRead(root);
  try {
    const vault = new Vault({
      remote: readRemote(copy),
      keys,
      machine: card.machine,
      clock,
      origin: Buffer.from(card.copy, "hex"),
      endStatus: "completed",
      close: async () => copy[Symbol.dispose](),
    });
    const known = await options.known?.(card.copy);
    const history = known ? await vault.history() : [];
    if (known && !history.some(({ record }) => record === known.record.toString("hex")))
      options.onOlder?.(history[0]?.sequence ?? 0, known.sequence);
    return vault;
  } catch (error) {
    copy[Symbol.dispose]();
    throw error;
  }
}
