/**
 * Vaults that are open in this process: one for each restore in the browser or download, the last few, for minutes. A vault that was forgotten is opened
 * again by whichever process is asked next; its keys are in no file and no other process. At most `VAULTS_MAX` are kept, each with 2 MiB of encoded
 * catalog pages (about 10 MB decoded).
 */

import type { Snapshots } from "../../agent/browse/deleted-children.ts";
import { Lru } from "../../agent/vault/lru.ts";
import { unlock } from "../../agent/vault/unlock.ts";
import { type Snapshot, type SnapshotChoice, Vault } from "../../agent/vault/vault.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import { releaseWrap } from "../domain/backup/restores.ts";
import type { Domain } from "../domain/domain.ts";
import type { OpenedRestore } from "../domain/restores/web-sessions.ts";
import { vaultRemote } from "./vault-remote.ts";

const VAULTS_MAX = 16;
const PAGES_BYTES_MAX = 2 * 1024 * 1024;
const SNAPSHOTS_MAX = 128;
export const IDLE_MS = 5 * 60_000;

/** A vault with the snapshots of it that were looked at. */
export class OpenVault implements Snapshots {
  readonly vault: Vault;
  readonly #snapshots = new Lru<Promise<Snapshot>>(SNAPSHOTS_MAX);

  constructor(vault: Vault) {
    this.vault = vault;
  }

  /** Throws `snapshot/missing`, `snapshot/none-then`, `snapshot/corrupt`. */
  async snapshot(choice: SnapshotChoice): Promise<Snapshot> {
    const { sequence } = await this.vault.findSnapshot(choice);
    return await this.open(sequence);
  }

  async open(sequence: number): Promise<Snapshot> {
    const key = String(sequence);
    const known = this.#snapshots.find(key);
    if (known !== undefined) return await known;
    const opening = this.vault.openSnapshot(sequence);
    this.#snapshots.put(key, opening);
    opening.catch(() => this.#snapshots.remove(key));
    return await opening;
  }

  /** Kept ones before `sequence`, the newest first. */
  async before(sequence: number): Promise<readonly SnapshotView[]> {
    return (await this.vault.snapshots()).filter((view) => view.sequence < sequence);
  }
}

interface Held {
  readonly open: Promise<OpenVault>;
  /** Of the vault's row when it was opened: what came later is not in its list. */
  readonly sequence: number;
  /** The wrap that opened it: another one means that the service may not open it any more. */
  readonly wrap: string;
  usedAt: number;
}

export class OpenVaults {
  readonly #domain: Domain;
  readonly #signal: AbortSignal;
  readonly #held = new Map<string, Held>();
  #sweeping = false;

  /** `signal`: this process ends. */
  constructor(domain: Domain, signal: AbortSignal) {
    this.#domain = domain;
    this.#signal = signal;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Whoever calls has seen that this person may read it now. */
  async get(opened: OpenedRestore): Promise<OpenVault> {
    const { id } = opened.restore;
    const { sequence, wrap } = opened.vault;
    const known = this.#held.get(id);
    const isCurrent = known?.sequence === sequence && known.wrap === wrap;
    const held = isCurrent ? known : { open: this.#open(opened), sequence, wrap, usedAt: 0 };
    held.usedAt = this.#domain.clock.now();
    // The last of the map is the one used last.
    this.#held.delete(id);
    this.#held.set(id, held);
    held.open.catch(() => this.#held.delete(id));
    for (const [oldest] of this.#held) if (this.#held.size > VAULTS_MAX) this.#held.delete(oldest);
    void this.#sweep();
    return await held.open;
  }

  /** For a call that names a snapshot which came, or was brought back, after the vault was opened. */
  async again(opened: OpenedRestore): Promise<OpenVault> {
    this.forget(opened.restore.id);
    return await this.get(opened);
  }

  forget(restore: string): void {
    this.#held.delete(restore);
  }

  async #open(opened: OpenedRestore): Promise<OpenVault> {
    const { vault: row, machine } = opened;
    const wrap = await releaseWrap(this.#domain, row);
    // Of its own key the service has nothing to unlock with.
    if (wrap.kind !== "released") throw new HoldfastError("restore/key-is-yours", { machine: machine.name });
    const readKey = Buffer.from(row.readKey).toString("base64");
    const keys = await unlock({ vault: { id: row.id, epoch: row.epoch, readKey }, wrap });
    const vault = new Vault({
      remote: vaultRemote(this.#domain, opened),
      keys,
      machine: machine.id,
      clock: this.#domain.clock,
      endStatus: "completed",
      pagesBytesMax: PAGES_BYTES_MAX,
      close: async () => undefined,
    });
    return new OpenVault(vault);
  }

  /** Keys that nobody uses go, also when nobody calls any more. */
  async #sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    const { clock } = this.#domain;
    try {
      while (this.#held.size > 0) {
        await clock.sleep(IDLE_MS, this.#signal);
        for (const [id, { usedAt }] of this.#held) if (usedAt + IDLE_MS <= clock.now()) this.#held.delete(id);
      }
    } catch {
      this.#held.clear(); // The process ends.
    } finally {
      this.#sweeping = false;
    }
  }
}
