/** A folder to back up and one for the local copy, with the real engine and no service anywhere. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BackupOptions, BackupReport } from "../../agent/backup/backup-options.ts";
import { folderRemote } from "../../agent/local/folder-remote.ts";
import { copyStateFolder } from "../../agent/local/known-copies.ts";
import { type OpenCopy, openOwnCopy } from "../../agent/local/open-copy.ts";
import { openLocalVault } from "../../agent/local/open-local-vault.ts";
import type { HistoryRemote } from "../../agent/remote/history-remote.ts";
import { restore } from "../../agent/restore/restore.ts";
import { openState } from "../../agent/state/state.ts";
import type { Vault } from "../../agent/vault/vault.ts";
import { systemRandom } from "../../base/random.ts";
import { signingKey } from "../../base/signing.ts";
import type { Wrap } from "../../protocol/messages/machines.ts";
import { backUp, TEST_MACHINE, TEST_SECRET, testKeys } from "./engine.ts";
import { MemoryService } from "./memory-service.ts";
import { treeDifferences } from "./same-tree.ts";
import { steeredClock } from "./steered-clock.ts";
import { tempFolder } from "./temp-folder.ts";

export interface LocalRun extends Partial<BackupOptions> {
  readonly capBytes?: number | null;
  readonly mayBegin?: boolean;
  readonly isExpected?: boolean;
  /** Around the folder's own. */
  readonly wrapped?: (remote: HistoryRemote) => HistoryRemote;
  /** With the copy still open. */
  readonly after?: (copy: OpenCopy) => Promise<void>;
}

export class LocalPlace {
  readonly source = tempFolder();
  readonly data = tempFolder();
  readonly clock = steeredClock(Date.now() + 60_000);
  folder = tempFolder();
  wrap: Wrap | null = null;
  readonly signer = signingKey(testKeys().write.signerSeed);

  get root(): string {
    return join(this.folder, TEST_MACHINE.toString("hex"));
  }

  write(name: string, content: string | Buffer): void {
    const path = join(this.source, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  remove(name: string): void {
    rmSync(join(this.source, name), { recursive: true });
  }

  open({ mayBegin = true, isExpected = false }: Pick<LocalRun, "mayBegin" | "isExpected"> = {}): Promise<OpenCopy> {
    const { vault, epoch, readPublic } = testKeys().write;
    return openOwnCopy({
      folder: this.folder,
      own: {
        ...{ vault: vault.toString("hex"), machine: TEST_MACHINE.toString("hex"), epoch, name: "den" },
        ...{ readKey: readPublic.toString("base64"), wrap: this.wrap },
      },
      nowMs: this.clock.now(),
      random: systemRandom,
      isExpected,
      mayBegin,
    });
  }

  async run({ capBytes = null, wrapped, after, mayBegin, isExpected, ...more }: LocalRun = {}): Promise<BackupReport> {
    using copy = await this.open({ ...(mayBegin === undefined ? {} : { mayBegin }), isExpected: isExpected ?? false });
    const gone: Buffer[] = [];
    const onGone = (chunks: readonly Buffer[]) => void gone.push(...chunks);
    const remote = folderRemote(copy, { capBytes, nowMs: this.clock.now(), signer: this.signer, onGone });
    const state = copyStateFolder(this.data, copy.card.copy);
    const report = await backUp(new MemoryService(), this.source, state, {
      remote: wrapped?.(remote) ?? remote,
      receiptKey: this.signer.publicKey,
      type: "Local",
      clock: this.clock,
      ...more,
    });
    {
      using known = openState(join(state, "state.db"));
      known.removeChunks(gone);
    }
    await after?.(copy);
    this.clock.advance(24 * 3600_000);
    return report;
  }

  openVault(): Promise<Vault> {
    const kit = async () => ({ secret: TEST_SECRET });
    return openLocalVault({ folder: this.folder, openers: { kit }, clock: this.clock });
  }

  /** What a restore of the snapshot differs in from the folder as it is now, or from `expected`. */
  async differences(sequence?: number, expected = this.source): Promise<string[]> {
    await using vault = await this.openVault();
    const choice = sequence === undefined ? ({ kind: "latest" } as const) : ({ kind: "sequence", sequence } as const);
    const { sequence: found } = await vault.findSnapshot(choice);
    const target = tempFolder();
    const report = await restore(vault, await vault.openSnapshot(found), { target, paths: [this.source], threads: 0 });
    const problems = report.problems.map(({ code, path }) => `${code} ${path}`);
    return [...problems, ...treeDifferences(expected, join(target, this.source))];
  }
}
