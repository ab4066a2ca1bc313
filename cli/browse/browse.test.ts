/** The whole of it on a terminal of our own: keys in, what a screen would show out. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import type { Vault } from "../../agent/index.ts";
import { fileEntry, folderEntry } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { Terminal } from "../terminal.ts";
import { parseWhen } from "../when.ts";
import { type BrowseContext, browse } from "./browse.ts";

/** Knows of a terminal what is used: places of lines, erasing, the other screen. */
class FakeScreen extends Writable {
  readonly isTTY = true;
  columns = 80;
  rows = 20;
  isOther = false;
  isCursorShown = true;
  #lines: string[] = [];

  get text(): string {
    return this.#lines.join("\n");
  }

  override _write(piece: Buffer, _: string, done: () => void): void {
    const text = piece.toString();
    if (text.includes("\x1b[?1049h")) this.isOther = true;
    if (text.includes("\x1b[?1049l")) this.isOther = false;
    if (text.includes("\x1b[?25l")) this.isCursorShown = false;
    if (text.includes("\x1b[?25h")) this.isCursorShown = true;
    if (text.includes("\x1b[2J")) this.#lines = [];
    let row = 0;
    for (const part of text.split("\x1b[")) {
      const [, place, line = ""] = /^(?:(\d+);1H|[\d;]*m|K)(.*)$/s.exec(part) ?? [];
      if (place !== undefined) {
        row = Number(place) - 1;
        this.#lines[row] = "";
      }
      if (this.#lines[row] !== undefined) this.#lines[row] += line;
    }
    done();
  }
}

function terminalOf(vault: Vault) {
  const stdout = new FakeScreen();
  let isRaw = false;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      isRaw = raw;
    },
  });
  const stop = new AbortController();
  const clock = steeredClock();
  const manner = { json: false, quiet: false, verbose: false, color: true };
  const terminal = new Terminal({ stdin, stdout, stderr: new FakeScreen() }, manner);
  const context: BrowseContext = {
    terminal,
    clock,
    signal: stop.signal,
    when: (text) => parseWhen(text, { nowMs: clock.now(), timeZone: "UTC", command: "browse" }),
    timeZone: "UTC",
  };
  const ended = browse(context, vault, { machine: "laptop" });
  return {
    stdout,
    stop,
    ended,
    isRaw: () => isRaw,
    type: (keys: string) => void stdin.write(keys),
    sees: (text: string | RegExp) => expect.poll(() => stdout.text, { interval: 5 }).toMatch(text),
  };
}

async function history(): Promise<Vault> {
  const memory = new MemoryVault();
  await memory.addSnapshot([
    folderEntry("home"),
    fileEntry("home/gone.txt", "gone"),
    fileEntry("home/letter.txt", "first"),
  ]);
  await memory.addSnapshot([folderEntry("home"), fileEntry("home/letter.txt", "second\nline")]);
  return memory.open();
}

test("from the first look to the restored file: tree, preview, deleted files, plan, restore, and the terminal as before", async () => {
  const target = tempFolder();
  const at = terminalOf(await history());
  await at.sees(/▾ home\/[\s\S]*letter\.txt/);
  expect([at.isRaw(), at.stdout.isOther, at.stdout.isCursorShown]).toEqual([true, true, false]);
  at.type("\x1b[B\r");
  await at.sees(/second\n line/);
  at.type("qd");
  await at.sees(/gone\.txt {2}deleted, last in #1/);
  at.type("\x1b[A ");
  await at.sees("1 thing chosen");
  at.type("r");
  await at.sees("Restore to which folder");
  at.type(`${target}\r`);
  await at.sees("1 file, 4 B");
  expect(existsSync(join(target, "home"))).toBe(false);
  at.type("\r");
  await at.sees("Restored 1 file");
  expect(readFileSync(join(target, "home", "gone.txt"), "utf8")).toBe("gone");
  at.type("q/LETTER\r");
  await at.sees(/\/home\/letter\.txt/);
  at.type("\x1b");
  await at.sees(/▾ home/);
  at.stdout.columns = 30;
  at.stdout.rows = 5;
  at.stdout.emit("resize");
  await at.sees(/^ #2 {2}2026-11-02 12:00:00 UTC …$/m);
  at.type("\x03");
  await at.ended;
  expect([at.isRaw(), at.stdout.isOther, at.stdout.isCursorShown]).toEqual([false, false, true]);
});

test("a signal ends it, and the terminal is as before", async () => {
  const at = terminalOf(await history());
  await at.sees("home");
  at.stop.abort(new Error("asked to end"));
  await expect(at.ended).rejects.toThrow("asked to end");
  expect([at.isRaw(), at.stdout.isOther]).toEqual([false, false]);
});
