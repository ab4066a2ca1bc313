/**
 * The files of an order on their way to the machine that it is for: read and proven here, sent as fast as that machine takes them, kept nowhere. What it holds
 * at a time is what an archive holds.
 */

import type { Entry, FileEntry } from "../../agent/model/entry.ts";
import { spelledPath } from "../../agent/model/spelled-path.ts";
import { type ArchiveSink, archiveEntries } from "../../agent/restore/archive-run.ts";
import {
  contentFrames,
  endFrame,
  entryFrame,
  framesBegin,
  leftFrame,
  wholeFrame,
} from "../../agent/restore/file-frames.ts";
import type { WindowLimits } from "../../agent/restore/plan.ts";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { AgentCaller } from "../domain/access/callers.ts";
import type { Domain } from "../domain/domain.ts";
import { downloadBroke } from "../domain/restores/archive-runs.ts";
import { checkOrder, type TakenOrder, takeOrder } from "../domain/restores/run-orders.ts";
import { isDamage } from "./archive/downloads.ts";
import { ArchiveCounts } from "./archive/pack-archive.ts";
import { wantedEntries } from "./archive/wanted-entries.ts";
import type { OpenVault, OpenVaults } from "./open-vaults.ts";

export type Pour = (write: (piece: Uint8Array) => Promise<void>) => Promise<void>;

const RUNNING_MAX = 4;
/** Of one organization, which else could keep all others waiting. */
const EACH_MAX = 3;
const CHECKED_EVERY_MS = 10_000;
const LIMITS: WindowLimits = { entries: 1000, chunks: 4, openFiles: 1000 };

export class OrderedFiles {
  readonly #domain: Domain;
  readonly #vaults: OpenVaults;
  /** Machine → its organization. */
  readonly #running = new Map<string, string>();

  constructor(domain: Domain, vaults: OpenVaults) {
    this.#domain = domain;
    this.#vaults = vaults;
  }

  /** What throws before anything was sent is an answer; later it breaks the answer off. Throws `restore/busy`, `entry/missing`, and what `takeOrder` throws. */
  async begin(
    caller: AgentCaller,
    { order, address }: { order: string; address: string },
    signal: AbortSignal,
  ): Promise<Pour> {
    const { id: machine, organization } = caller.machine;
    const theirs = this.#running.values().filter((each) => each === organization);
    const isBusy = this.#running.size >= RUNNING_MAX || Array.from(theirs).length >= EACH_MAX;
    if (isBusy || this.#running.has(machine)) throw new HoldfastError("restore/busy");
    this.#running.set(machine, organization);
    const leave = () => {
      this.#running.delete(machine);
      this.#vaults.forget(order);
    };
    try {
      const taken = await takeOrder(this.#domain, caller, order, address);
      const open = await this.#vaults.get(taken.opened);
      const totals = await totalsOf(open, taken, signal);
      return (write) => this.#pour(caller, { open, taken, totals, write, signal }).finally(leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #pour(
    caller: AgentCaller,
    run: {
      open: OpenVault;
      taken: TakenOrder;
      totals: { files: number; bytes: number };
      write: (piece: Uint8Array) => Promise<void>;
      signal: AbortSignal;
    },
  ): Promise<void> {
    const { open, taken, totals, write, signal } = run;
    const { wish, known, opened } = taken;
    const { id } = opened.restore;
    const { clock } = this.#domain;
    const counts = new ArchiveCounts();
    let checkedAt = clock.now();
    const send = async (piece: Uint8Array) => {
      signal.throwIfAborted();
      if (clock.now() >= checkedAt + CHECKED_EVERY_MS) {
        checkedAt = clock.now();
        await checkOrder(this.#domain, caller, id);
      }
      await write(piece);
    };
    try {
      await send(framesBegin(totals));
      const broken = new Map(known.map((problem) => [problem.path, problem]));
      const isWanted = (entry: Entry) => {
        const before = entry.type === "file" ? broken.get(spelledPath(entry.path)) : undefined;
        if (before !== undefined) counts.problems.addAgain(before);
        return before === undefined;
      };
      const entries = wantedEntries(await open.open(wish.snapshot), wish.paths, {
        signal,
        onDamage: counts.problems.addDamage.bind(counts.problems),
        onUnsafe: ({ path }) => counts.problems.addUnsafe(path),
      });
      const sink = new FrameSink(send);
      await archiveEntries(open.vault, entries, { sink, tally: counts, limits: LIMITS, isWanted, signal });
      for (const problem of counts.problems.list) await send(leftFrame(problem));
      await send(wholeFrame(counts.files));
    } catch (error) {
      const { problems } = counts;
      // The next time it is left out, so that all the rest comes.
      if (isDamage(error))
        await downloadBroke(this.#domain, id, { problems: problems.list, problemCount: problems.count });
      throw asHoldfastError(error);
    }
  }
}

async function totalsOf(open: OpenVault, { wish }: TakenOrder, signal: AbortSignal) {
  const totals = { files: 0, bytes: 0 };
  const unseen = { signal, onDamage: () => undefined, onUnsafe: () => undefined };
  for await (const batch of wantedEntries(await open.open(wish.snapshot), wish.paths, unseen)) {
    for (const entry of batch) {
      if (entry.type !== "file") continue;
      totals.files++;
      totals.bytes += entry.sizeBytes;
    }
  }
  return totals;
}

class FrameSink implements ArchiveSink {
  readonly #send: (piece: Uint8Array) => Promise<void>;

  constructor(send: (piece: Uint8Array) => Promise<void>) {
    this.#send = send;
  }

  other(entry: Exclude<Entry, { type: "file" | "socket" }>): Promise<void> {
    return this.#send(entryFrame(entry));
  }

  /** Whether a first name is there to be linked is known at the machine only: each name brings its content. */
  async link(): Promise<boolean> {
    return false;
  }

  begin(file: FileEntry): Promise<void> {
    return this.#send(entryFrame(file));
  }

  async write(bytes: Buffer): Promise<void> {
    for (const frame of contentFrames(bytes)) await this.#send(frame);
  }

  end(): Promise<void> {
    return this.#send(endFrame());
  }
}
