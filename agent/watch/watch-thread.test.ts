import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { burstEvents, readLimit } from "./bursts.ts";
import type { Change } from "./messages.ts";
import { WatchThread } from "./watch-thread.ts";

/** In this thread, so that it takes no event while the test is busy: all that came meanwhile is taken in one go. */
async function threadHere(root: string, limit = burstEvents()) {
  const changes: Change[] = [];
  const gaps: string[] = [];
  const settings = { roots: [root], watcher: "folders", oneFileSystem: false, foldersMax: 1e6 } as const;
  const thread: WatchThread = new WatchThread({ ...settings, burstEvents: limit }, (message) => {
    if (message.kind === "ask") thread.receive({ kind: "answer", isWanted: message.folders.map(() => true) });
    if (message.kind === "changes") changes.push(...message.changes);
    if (message.kind === "gap") gaps.push(message.gap.reason);
  });
  onTestFinished(() => thread.receive({ kind: "stop" }));
  await thread.start();
  return { changes, gaps };
}

/** Two files, and so many events of them, each one of its own: none is the same as the one before. */
function stirrer(folder: string): (events: number) => void {
  const files = ["a", "b"].map((name) => join(folder, name));
  for (const file of files) writeFileSync(file, "1");
  return (events) => {
    for (let at = 0; at < events; at++) chmodSync(files[at % 2] ?? "", 0o600);
  };
}

test.runIf(process.platform === "linux")(
  "more events in one go than may be lost unseen are a gap, and fewer are none",
  async () => {
    const root = tempFolder();
    const stir = stirrer(root);
    const { changes, gaps } = await threadHere(root, 500);
    stir(499);
    await expect.poll(() => changes.length).toBeGreaterThan(0);
    expect(gaps).toEqual([]);
    stir(500);
    await expect.poll(() => gaps).toEqual(["overflow"]);
  },
);

test.runIf(process.platform === "linux")(
  "what moved while events were lost is watched where it is now, and all that is new",
  async () => {
    const root = tempFolder();
    mkdirSync(join(root, "old/below"), { recursive: true });
    mkdirSync(join(root, "kept"));
    const stir = stirrer(join(root, "kept"));
    const { changes, gaps } = await threadHere(root);

    // What comes after them finds no room.
    stir(readLimit("max_queued_events", 16_384));
    renameSync(join(root, "old"), join(root, "kept/new"));
    mkdirSync(join(root, "old/below"), { recursive: true });

    await expect.poll(() => gaps).toContain("overflow");
    for (const path of ["kept/new/below/file", "old/below/file"])
      await expect
        .poll(() => {
          writeFileSync(join(root, path), "1");
          return changes.some((change) => change.path === join(root, path));
        })
        .toBe(true);
  },
);
