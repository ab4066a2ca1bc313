/**
 * A backup to the local copy: the same backup as to the service, with a folder as its remote and a local state of its own. It needs no service: what
 * that should know of it waits until it can be reached.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Clock, systemClock } from "../base/clock.ts";
import { type Random, systemRandom, uuid } from "../base/random.ts";
import { signingKey } from "../base/signing.ts";
import { asHoldfastError, HoldfastError } from "../protocol/errors.ts";
import type { Problem } from "../protocol/messages/sessions.ts";
import { lockRun } from "./backup/run-lock.ts";
import { noCounters } from "./backup/run-progress.ts";
import { loadConfig } from "./config/load-config.ts";
import { writeCard } from "./local/copy-card.ts";
import { copySettings } from "./local/copy-settings.ts";
import { folderRemote } from "./local/folder-remote.ts";
import { copyStateFolder, localFolder, readKnownCopies, rememberCopy } from "./local/known-copies.ts";
import { type OpenCopy, openOwnCopy } from "./local/open-copy.ts";
import { kept } from "./local/prune.ts";
import { tidy } from "./local/tidy.ts";
import { keepRun, tellRuns, type UntoldRun } from "./local/untold-runs.ts";
import { type BackupReport, backup, type OwnBackupOptions } from "./own-backup.ts";
import { type OwnMachine, ownMachine } from "./own-machine.ts";
import { localCopyRemote } from "./remote/http-remote.ts";
import type { LocalCopy } from "./settings/work.ts";
import { openState } from "./state/state.ts";

export interface OwnLocalBackupOptions extends Omit<OwnBackupOptions, "type" | "destination" | "uploadLimit"> {
  /** The folder may be empty although a copy was made there before: it is another disk. */
  readonly mayBegin?: boolean | undefined;
  /** IANA name: in whose days and weeks retention counts. */
  readonly timeZone?: string | undefined;
}

/** Throws `local/not-set`, `location/cloud-only`, `local/…`, `backup/running` and whatever a backup throws. */
export async function backupLocal(options: OwnLocalBackupOptions): Promise<BackupReport> {
  const { dataFolder, clock = systemClock, random = systemRandom } = options;
  const local = copySettings(await loadConfig(dataFolder));
  if (options.dryRun) return await backup({ ...options, type: "Local" });
  const own = await ownMachine(dataFolder, { clock });
  await mkdir(localFolder(dataFolder), { recursive: true, mode: 0o700 });
  // Its own state has a lock, too; but there is one backup of a machine at a time, wherever it goes.
  using _lock = lockRun(dataFolder);
  const startedAt = clock.now();
  const ended = { dataFolder, clock, random, startedAt };
  try {
    const report = await copyTo(options, { own, local, clock, random });
    await noteRun(ended, { ...report, state: report.result }).catch(() => undefined);
    return report;
  } catch (cause) {
    const error = asHoldfastError(cause);
    const { code, message } = error;
    const state = code === "backup/cancelled" ? "cancelled" : "failed";
    await noteRun(ended, { state, code, message: message.slice(0, 1000) }).catch(() => undefined);
    throw error;
  } finally {
    await tellLocalRuns(dataFolder, { clock }).catch(() => undefined);
  }
}

/** Tells the service of runs that it was not told of, and takes what opens the vault from it into the copy. Whether it could be reached. */
export async function tellLocalRuns(
  dataFolder: string,
  { clock = systemClock }: { clock?: Clock } = {},
): Promise<boolean> {
  const { settings, secrets } = await ownMachine(dataFolder, { clock });
  return await tellRuns(dataFolder, localCopyRemote(settings.service, secrets.token), clock.now());
}

interface Surroundings {
  readonly own: OwnMachine;
  readonly local: LocalCopy;
  readonly clock: Clock;
  readonly random: Random;
}

async function copyTo(
  options: OwnLocalBackupOptions,
  { own, local, clock, random }: Surroundings,
): Promise<BackupReport> {
  const { dataFolder } = options;
  const { settings, secrets } = own;
  const { folder, capBytes } = local;
  const { vault, epoch, readPublic, signerSeed } = secrets.keys;
  const known = await readKnownCopies(dataFolder);
  using copy = await openOwnCopy({
    folder,
    own: {
      ...{ vault: vault.toString("hex"), machine: settings.machine, epoch, name: settings.name },
      ...{ readKey: readPublic.toString("base64"), wrap: null },
    },
    nowMs: clock.now(),
    random,
    isExpected: known.some((each) => each.folder === folder),
    mayBegin: options.mayBegin ?? false,
  });
  const before = known.find((each) => each.copy === copy.card.copy);
  await rememberCopy(dataFolder, { ...(before ?? NOTHING_YET), copy: copy.card.copy, folder });
  // A run that is cut must not leave snapshots that only a kit opens.
  if (copy.card.wrap === null) await takeWrap(copy, own).catch(() => undefined);
  const signer = signingKey(signerSeed);
  const gone: Buffer[] = [];
  const onGone = (chunks: readonly Buffer[]) => {
    for (const chunk of chunks) gone.push(chunk);
  };
  const remote = folderRemote(copy, { capBytes, nowMs: clock.now(), signer, onGone });
  const stateFolder = copyStateFolder(dataFolder, copy.card.copy);
  const destination = { remote, receiptKey: signer.publicKey, stateFolder };
  const running = backup({ ...options, type: "Local", destination }).catch((error: unknown) => fail(error, folder));
  const report = inOurWords(await running, folder);
  const sign = (message: Buffer) => signer.sign(message);
  const timeZone = options.timeZone ?? Temporal.Now.timeZoneId();
  const problems = await tidy(copy, { keep: local.keep, timeZone, nowMs: clock.now(), sign, onGone }).then(
    () => [],
    (error: unknown) => [problemOf(asHoldfastError(error), folder)],
  );
  // What is gone must not be taken for stored by the next run.
  forget(stateFolder, gone);
  const now = { lastUpdateAt: clock.now(), bytes: copy.index.packBytes, snapshots: kept(copy).length };
  await rememberCopy(dataFolder, { copy: copy.card.copy, folder, ...now });
  await takeWrap(copy, own).catch(() => undefined);
  const problemCount = report.problemCount + problems.length;
  return { ...report, problems: [...report.problems, ...problems], problemCount };
}

const NOTHING_YET = { lastUpdateAt: null, bytes: 0, snapshots: 0 };

/** With it in the copy a passphrase opens it when the service is gone. A passphrase may have been changed since the last time. */
async function takeWrap({ card, layout }: OpenCopy, { settings, secrets }: OwnMachine): Promise<void> {
  const { epoch, wrap } = await localCopyRemote(settings.service, secrets.token).ownWrap();
  const next = { ...card, name: settings.name, epoch, wrap };
  if (!isDeepStrictEqual(next, card)) await writeCard(layout.card, next);
}

function forget(stateFolder: string, chunks: readonly Buffer[]): void {
  if (chunks.length === 0) return;
  using state = openState(join(stateFolder, "state.db"));
  state.removeChunks(chunks);
}

/** The engine speaks of a quota; here it is the copy's cap or its disk. */
function inOurWords(report: BackupReport, path: string): BackupReport {
  const full = (problem: Problem): Problem =>
    problem.code === FULL
      ? { ...problem, code: "local/full", message: `No room in the local copy at ${path}.` }
      : problem;
  const code = report.code === FULL ? "local/full" : report.code;
  return { ...report, code, problems: report.problems.map(full) };
}

function fail(error: unknown, path: string): never {
  if (!(error instanceof HoldfastError) || error.code !== "vault/rolled-back") throw error;
  throw new HoldfastError("local/rolled-back", { ...error.data, path }, { cause: error });
}

const FULL = "quota/exceeded";

const problemOf = ({ code, message }: HoldfastError, path: string): Problem => ({ path, code, message });

type Ended = Pick<UntoldRun, "state" | "code" | "message"> &
  Partial<Pick<BackupReport, "counters" | "problems" | "problemCount">>;

/** For the service, when it can be reached. */
async function noteRun(
  { dataFolder, clock, random, startedAt }: { dataFolder: string; clock: Clock; random: Random; startedAt: number },
  { state, code, message, counters = noCounters(), problems = [], problemCount = 0 }: Ended,
): Promise<void> {
  const endedAt = clock.now();
  const durationMs = Math.max(0, endedAt - startedAt);
  await keepRun(dataFolder, {
    ...{ run: uuid(random), endedAt, durationMs, state, counters, problems: [...problems], problemCount },
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  });
}
