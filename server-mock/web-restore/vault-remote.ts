/** What the agent asks of a service, asked of this one without a network: the same rows and bytes, and nothing is believed without the same checks. */
import type { RestoreRemote } from "../../agent/remote/remote.ts";
import { locate, readPack, readSnapshot } from "../domain/backup/restores.ts";
import type { Domain } from "../domain/domain.ts";
import type { OpenedRestore } from "../domain/restores/web-sessions.ts";
import { viewSnapshot } from "../domain/views.ts";

const PAGE_ROWS = 500;

export function vaultRemote(domain: Domain, opened: OpenedRestore): RestoreRemote {
  const caller = { audience: "restore", ...opened } as const;
  const { snapshots } = domain.records;
  return {
    async *snapshots(which = "kept") {
      for (let after: number | undefined; ; ) {
        const rows = await snapshots.list(opened.vault.number, { limit: PAGE_ROWS, after }, which);
        yield* rows.map(viewSnapshot);
        after = rows.at(-1)?.sequence;
        if (rows.length < PAGE_ROWS) return;
      }
    },
    snapshotRecord: (sequence) => readSnapshot(domain, caller, sequence),
    locate: (ids) => locate(domain, caller, ids),
    async packRange(pack, offset, length, signal) {
      const readable = await readPack(domain, caller, pack);
      const bytes = Buffer.allocUnsafeSlow(length);
      let at = 0;
      await readable.pour({ start: offset, end: offset + length }, async (piece) => {
        signal?.throwIfAborted();
        // The piece's memory is used again for the next one.
        bytes.set(piece, at);
        at += piece.length;
      });
      return bytes.subarray(0, at);
    },
    // Whoever asks tells the row itself.
    progress: async () => undefined,
  };
}
