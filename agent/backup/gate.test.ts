import { expect, test, vi } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { backedUpMachine } from "../../test/support/backed-up-machine.ts";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { startTestService } from "../../test/support/test-service.ts";
import { backup } from "../own-backup.ts";
import { Gate } from "./gate.ts";
import { persist } from "./persist.ts";
import type { BackupProgress } from "./run-progress.ts";

/** Several packs' worth. */
function place(): BackupPlace {
  const place = new BackupPlace();
  for (let number = 0; number < 5; number++) place.write(`large-${number}`, noise(8_000_000, number + 1));
  place.writeMany(3000);
  return place;
}

const TICKS = 5;

/** Calls `then` when so many looks in a row found the run paused. */
function whenPaused(then: () => void): (progress: BackupProgress) => void {
  let ticks = 0;
  return ({ phase }) => {
    if (phase === "paused" && ++ticks === TICKS) then();
  };
}

test("a closed gate stops walking, reading and sending; open again, the run goes on where it was", async () => {
  const here = place();
  const gate = new Gate();
  const begunWhileClosed: string[] = [];
  here.service.beforePack = ({ id }) => {
    if (!gate.isOpen) begunWhileClosed.push(id);
    if (here.service.packsTaken === 1) gate.close("on battery");
  };
  const seen: { phase: string; files: number; path: string | undefined }[] = [];
  const goOn = whenPaused(() => gate.open());
  const report = await here.run({
    gate,
    onProgress: (progress) => {
      const { phase, counters, path } = progress;
      seen.push({ phase, files: counters.files, path: path?.toString() });
      goOn(progress);
    },
  });
  expect(report).toMatchObject({ result: "success", counters: { files: 3005 } });
  // The packs of one round of uploads may have been past the gate.
  expect(begunWhileClosed).toEqual([]);
  const paused = seen.filter(({ phase }) => phase === "paused").slice(1);
  expect(paused.length).toBeGreaterThanOrEqual(TICKS - 1);
  expect(new Set(paused.map(({ files, path }) => `${files} ${path}`)).size).toBe(1);
  expect(seen.at(-1)?.phase).toBe("committing");
  expect((await here.snapshot()).get("many/file-2999")?.content?.equals(noise(2000, 3000))).toBe(true);
});

test("a run that is cancelled while it is paused ends as such", async () => {
  const here = new BackupPlace();
  for (const name of ["a", "b"]) here.write(name, noise(9_000_000));
  const gate = new Gate();
  const controller = new AbortController();
  here.service.beforePack = () => gate.close("by hand");
  const onProgress = whenPaused(() => controller.abort());
  await expect(here.run({ gate, onProgress, signal: controller.signal })).rejects.toMatchObject({
    code: "backup/cancelled",
  });
  expect(here.service.ends).toMatchObject([{ code: "backup/cancelled" }]);
});

test("a run whose gate is closed from the beginning opens no session until it opens", async () => {
  const here = new BackupPlace();
  here.write("a", "a");
  const gate = new Gate();
  gate.close("metered");
  const remote = here.service.remote();
  let opened = 0;
  const openSession: typeof remote.openSession = async (request) => {
    opened++;
    return await remote.openSession(request);
  };
  const run = here.run({ gate, remote: { ...remote, openSession } });
  await new Promise(setImmediate);
  expect(opened).toBe(0);
  gate.open();
  expect((await run).result).toBe("success");
});

test("time that a run is paused is no time in which nothing went on", async () => {
  const clock = steeredClock();
  const gate = new Gate();
  let calls = 0;
  const done = persist({ clock, gate, patienceMs: 5000, signal: new AbortController().signal }, async () => {
    if (++calls === 3) return "sent";
    gate.close("load");
    throw new HoldfastError("service/unreachable", { reason: "away" });
  });
  for (const waitMs of [500, 1000]) {
    await new Promise(setImmediate);
    clock.advance(waitMs);
    await new Promise(setImmediate);
    clock.advance(3600_000);
    gate.open();
  }
  await expect(done).resolves.toBe("sent");
});

test("after a pause that outlived the session the next run takes over what was sent", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    // Its own intervals run ahead of the bytes, too.
    const service = await startTestService({ pace: { everyMs: 30_000, bytesMin: 0 } });
    const machine = await backedUpMachine(service);
    for (let number = 0; number < 4; number++) machine.write(`large-${number}`, noise(8_000_000, number + 1));
    const gate = new Gate();
    let sentBytes = 0;
    let sentBeforeSleep = -1;
    const options = { dataFolder: machine.data, roots: [machine.source], type: "Continuous" } as const;
    const run = backup({
      ...options,
      gate,
      onProgress: ({ phase, bytesSent }) => {
        sentBytes = bytesSent;
        if (phase === "scanning" && bytesSent > 0) gate.close("asleep");
        if (phase !== "paused" || bytesSent === sentBeforeSleep) return;
        sentBeforeSleep = bytesSent;
        // Again when an upload that was under way has renewed the session. Some days only: what nobody commits is kept for a week.
        service.clock.advance(86_400_000);
      },
    });
    let isOver = false;
    const end = expect(run).rejects.toMatchObject({ code: "session/expired" });
    void end.finally(() => {
      isOver = true;
    });
    while (!isOver) await vi.advanceTimersByTimeAsync(1000);
    await end;
    expect(sentBytes).toBeGreaterThan(0);
    const next = await backup(options);
    expect(next).toMatchObject({ result: "success", snapshot: 1 });
    expect(next.counters.bytesTransferred).toBeLessThan(33_000_000 - sentBytes);
  } finally {
    vi.useRealTimers();
  }
});
