/** What a person sees of a vault whose service can't be trusted: whether anything wrong was ever written, and what was said. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { restore } from "../../agent/restore/restore.ts";
import { openVault } from "../../agent/vault/open-vault.ts";
import type { KnownSnapshot, Vault } from "../../agent/vault/vault.ts";
import { verify } from "../../agent/verify/verify.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { filesBelow } from "./try-keys.ts";

export interface Seen {
  /** Codes that restoring gave, whether it went on or not; each once, sorted. */
  readonly restore: readonly string[];
  readonly verify: readonly string[];
  /** Files that are not what was backed up, half files, files that are neither there nor listed. Never any. */
  readonly wrong: readonly string[];
}

export interface LookOptions {
  readonly url: string;
  readonly login: { readonly email: string; readonly password: string };
  readonly machine: string;
  /** The last receipt of this machine. */
  readonly known?: KnownSnapshot | undefined;
  /** Absolute. */
  readonly folder: string;
  readonly sequence: number;
  /** Name → what that snapshot must hold. */
  readonly expected: ReadonlyMap<string, Buffer>;
  /** A folder for what is restored. */
  readonly below: string;
}

export async function lookThrough(options: LookOptions): Promise<Seen> {
  const { url, login, machine, known, sequence } = options;
  const purpose = { source: "cli", purpose: "verify" } as const;
  const opened = { address: { url }, ...login, machine, ...purpose, known: async () => known };
  const target = mkdtempSync(join(options.below, "look-"));
  const restoring = await collected(opened, async (vault) => {
    const { problems } = await restore(vault, await vault.openSnapshot(sequence), { target });
    return problems;
  });
  const verifying = await collected(opened, async (vault) => (await verify(vault, { readData: true })).problems);
  return { restore: restoring.codes, verify: verifying.codes, wrong: compare(options, target, restoring) };
}

interface Collected {
  readonly codes: readonly string[];
  readonly paths: readonly string[];
  readonly isOver: boolean;
}

async function collected(
  options: Parameters<typeof openVault>[0],
  work: (vault: Vault) => Promise<readonly { readonly code: string; readonly path: string }[]>,
): Promise<Collected> {
  try {
    await using vault = await openVault(options);
    const problems = await work(vault);
    const codes = [...new Set(problems.map(({ code }) => code))].sort();
    return { codes, paths: problems.map(({ path }) => path), isOver: false };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return { codes: [error.code], paths: [], isOver: true };
  }
}

function compare({ folder, expected }: LookOptions, target: string, { paths, isOver }: Collected): string[] {
  const wrong = filesBelow(target)
    .filter((path) => !expected.get(path.slice(target.length + folder.length + 1))?.equals(readFileSync(path)))
    .map((path) => `${path} is not what was backed up`);
  for (const name of expected.keys()) {
    const isRestored = existsSync(join(target, folder, name));
    // A damaged page names what lies below it as a range.
    const isListed =
      isOver || paths.some((path) => path === join(folder, name) || path.includes("…") || path === "/ (everything)");
    if (!isRestored && !isListed) wrong.push(`${name} is neither there nor listed`);
  }
  return wrong;
}
