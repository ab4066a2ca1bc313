import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { burstEvents, readLimit } from "./bursts.ts";
import type { Change } from "./messages.ts";
import { WatchThread } from "./watch-thread.ts";

test.runIf(process.platform === "linux")(
  "what moved while events were lost is watched where it is now, and all that is new",
  async () => {
    const root = tempFolder();
    mkdirSync(join(root, "old/below"), { recursive: true });
    mkdirSync(join(root, "kept"));
    const files = ["a", "b"].map((name) => join(root, "kept", name));
    for (const file of files) writeFileSync(file, "1");
    const changes: Change[] = [];
    const gaps: string[] = [];
    const settings = { roots: [root], watcher: "folders", oneFileSystem: false, foldersMax: 1e6 } as const;
    // In this thread, so that it takes no event while the test is busy.
    const thread: WatchThread = new WatchThread({ ...settings, burstEvents: burstEvents() }, (message) => {
      if (message.kind === "ask") thread.receive({ kind: "answer", isWanted: message.folders.map(() => true) });
      if (message.kind === "changes") changes.push(...message.changes);
      if (message.kind === "gap") gaps.push(message.gap.reason);
    });
    onTestFinished(() => thread.receive({ kind: "stop" }));
    await thread.start();

    // An event each, for none is the same as the one before; what comes after them finds no room.
    const events = readLimit("max_queued_events", 16_384);
    for (let at = 0; at < events; at++) chmodSync(files[at % 2] ?? "", 0o600);
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
