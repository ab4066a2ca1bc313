import { Writable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Progress, progressLines } from "./progress.ts";
import { width } from "./table.ts";
import { Terminal } from "./terminal.ts";

const state = { phase: "sending", files: 12, bytes: 512 * 1024, totalFiles: 40, totalBytes: 1024 * 1024 };

/** A stream that keeps what was written, and a clock that is moved by hand. */
function setup({ isTTY = false, quiet = false, json = false } = {}) {
  const written: string[] = [];
  const stream = Object.assign(
    new Writable({
      write(piece, _encoding, done) {
        written.push(String(piece));
        done();
      },
    }),
    { isTTY, columns: 100 },
  );
  const terminal = new Terminal(
    { stdin: process.stdin, stdout: stream, stderr: stream },
    { json, quiet, verbose: false, color: false },
  );
  const time = { nowMs: 0 };
  const clock = { now: () => time.nowMs, sleep: () => Promise.resolve() };
  return { written, terminal, time, progress: new Progress(terminal, clock) };
}

test("a terminal is drawn on at most ten times a second, and left clean", () => {
  const { written, time, progress } = setup({ isTTY: true });
  for (time.nowMs = 0; time.nowMs < 1000; time.nowMs += 10) progress.update(state);
  expect(written).toHaveLength(10);
  progress.end();
  expect(written.at(-1)).toBe("\r\x1b[J");
});

test("elsewhere there is a line each ten seconds", () => {
  const { written, time, progress } = setup();
  for (time.nowMs = 0; time.nowMs <= 30_000; time.nowMs += 100) progress.update(state);
  expect(written).toHaveLength(3);
  expect(written[0]).toBe("sending, 50 %, 512 KiB of 1.0 MiB, 12 of 40 files\n");
});

test.each([{ quiet: true }, { json: true }])("with %j nothing is written", (manner) => {
  const { written, time, progress } = setup({ isTTY: true, ...manner });
  for (time.nowMs = 0; time.nowMs <= 30_000; time.nowMs += 100) progress.update(state);
  expect(written).toEqual([]);
});

test("a steady flow gives its rate and what is left of it", () => {
  const { written, time, progress } = setup({ isTTY: true });
  for (let second = 0; second <= 5; second++) {
    time.nowMs = second * 1000;
    progress.update({ ...state, bytes: second * 100 * 1024 });
  }
  expect(written.at(-1)).toContain("100 KiB/s");
  expect(written.at(-1)).toContain("5.2 s left");
});

test("a line fits its terminal, whatever the file is called", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.integer({ min: 20, max: 200 }),
      fc.nat(),
      fc.option(fc.nat(), { nil: undefined }),
      (current, columns, bytes, totalBytes) => {
        for (const line of progressLines({ phase: "sending", files: 3, bytes, totalBytes, current }, 1e6, columns)) {
          expect(width(line)).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      },
    ),
  );
});
