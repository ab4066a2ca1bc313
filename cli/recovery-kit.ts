/** `holdfast keys recovery-kit`: words for paper. Whoever has copied them shows that they did by typing some back. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { changeSettings, loadSettings, type MadeKit, makeRecoveryKit, openRecoveryKit } from "../agent/index.ts";
import { writeNew } from "../base/durable-file.ts";
import { type Random, systemRandom } from "../base/random.ts";
import { type Context, optionError } from "./context.ts";
import type { KeyOptions } from "./key-changes.ts";
import { shown } from "./names.ts";
import { openersOf } from "./openers.ts";
import { ask } from "./prompt.ts";
import { readLogin } from "./secrets.ts";

interface KitOptions extends KeyOptions {
  readonly out?: string;
  readonly words?: boolean;
  readonly check: boolean;
}

const ASKED = 3;
/** Of a terminal: the screen, and what has left it upwards. */
const CLEAR = "\x1b[2J\x1b[3J\x1b[H";

export async function makeKit(context: Context, options: KitOptions): Promise<undefined> {
  const { terminal, dataFolder, clock } = context;
  const shows = options.out === undefined || options.words === true;
  // What is read by a program is typed back by nobody.
  const asks = shows && options.check && !terminal.manner.json;
  const { stdin, stdout, stderr } = terminal.streams;
  if (asks && !(stdin.isTTY && stdout.isTTY && stderr.isTTY))
    throw optionError(context, "--no-check", "missing: there is no terminal to ask for words on");
  const { email } = await loadSettings(dataFolder);
  const login = await readLogin(context, options, email);
  terminal.note("Opening the vault …");
  const kit = await makeRecoveryKit({ dataFolder, login, clock, ...openersOf(context, options) });
  const file = options.out === undefined ? undefined : resolve(options.out);
  if (file !== undefined) await writeKit(context, file, kit);
  if (asks) await untilWritten(context, kit);
  else if (shows && !terminal.manner.json) terminal.lines(kit.text.trimEnd().split("\n"));
  const madeAt = new Date(clock.now()).toISOString();
  // What nobody has shown to have is no reason to stop reminding.
  if (asks || file !== undefined) await changeSettings(dataFolder, { recoveryKitAt: madeAt });
  if (terminal.manner.json) terminal.json({ madeAt, file: file ?? null, ...(shows ? { words: kit.words } : {}) });
  else if (file !== undefined)
    terminal.line(`Written to ${shown(file)}, and read back. Keep it away from this machine.`);
  else if (asks) terminal.line("That is right. Keep the paper away from this machine.");
  return;
}

async function writeKit(context: Context, file: string, { text }: MadeKit): Promise<void> {
  await writeNew(file, Buffer.from(text), { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "EEXIST" ? "there is such a file already" : error.message;
    throw optionError(context, "--out", `${file}: ${reason}`);
  });
  await openRecoveryKit(await readFile(file, "utf8"));
}

async function untilWritten(context: Context, kit: MadeKit): Promise<void> {
  const { terminal, signal } = context;
  for (;;) {
    terminal.lines(kit.text.trimEnd().split("\n"));
    await ask("\nWrite them down, then press Enter: the screen is cleared. ", terminal.streams, {
      echo: false,
      signal,
    });
    terminal.streams.stdout.write(CLEAR);
    if (await typedBack(context, kit.words, systemRandom)) return;
    terminal.complain("That is another word. Here they are again.\n");
  }
}

async function typedBack({ terminal, signal }: Context, words: readonly string[], random: Random): Promise<boolean> {
  for (const index of someOf(words.length, ASKED, random)) {
    const typed = await ask(`Word ${index + 1}: `, terminal.streams, { echo: true, signal });
    if (typed.trim().toLowerCase() !== words[index]) return false;
  }
  return true;
}

/** `count` different numbers below `total` (at most 256), rising. */
export function someOf(total: number, count: number, random: Random): number[] {
  const left = Array.from({ length: total }, (_, index) => index);
  const taken: number[] = [];
  // A byte is not quite fair to 24 words; it need not be.
  while (taken.length < count) taken.push(...left.splice((random(1)[0] ?? 0) % left.length, 1));
  return taken.sort((a, b) => a - b);
}
