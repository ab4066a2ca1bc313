/** Restores that somebody ordered on this machine: run by whoever sits here, or unasked into folders that were approved here. */
import { type Clock, systemClock } from "../base/clock.ts";
import { asHoldfastError, HoldfastError } from "../protocol/errors.ts";
import type { OrderNote, OrderView } from "../protocol/messages/restore-orders.ts";
import { catalogPathOf } from "./model/spelled-path.ts";
import { mayRunOrder, type OrderRuling, realPlace } from "./order-ruling.ts";
import { type OwnMachine, ownMachine } from "./own-machine.ts";
import { listOrders } from "./own-records.ts";
import { readFrames } from "./restore/file-frames.ts";
import { receiveFiles } from "./restore/receive-files.ts";
import type { RestoreReport } from "./restore/run-restore.ts";
import type { RestoreProgress } from "./restore/tally.ts";

export interface OrderedRestore {
  readonly order: OrderView;
  /** Catalog paths. */
  readonly paths: readonly Buffer[];
  /** Everything comes below it under its whole path: the top, where it was. */
  readonly target: string;
}

/** Throws `restore/missing` for an order that has ended or is another machine's. */
export async function findOrder(dataFolder: string, id: string): Promise<OrderedRestore> {
  for await (const order of listOrders({ dataFolder })) {
    if (order.id !== id) continue;
    const target = order.target.kind === "original" ? "/" : order.target.path;
    return { order, paths: order.paths.map(catalogPathOf), target };
  }
  throw new HoldfastError("restore/missing");
}

export type OrderOutcome = { readonly order: OrderView } & (
  | { readonly kind: "done"; readonly report: RestoreReport }
  /** It waits for somebody at the machine. */
  | { readonly kind: "waits"; readonly because: OrderNote }
  /** Somebody at the machine has begun it. */
  | { readonly kind: "taken" }
  /** Nothing came of it, and the service knows. */
  | { readonly kind: "failed"; readonly error: HoldfastError }
  /** The service could not be reached, or cut it off: the next turn goes on with it. */
  | { readonly kind: "later"; readonly error: HoldfastError }
);

export interface RunOrdersOptions {
  readonly dataFolder: string;
  readonly clock?: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((order: OrderView, progress: RestoreProgress) => void) | undefined;
}

/**
 * One turn, the oldest order first, one at a time: what may run unasked runs, of all else the service is told why it waits. Only one process may do it at a
 * time. Throws what listing them throws, and what the signal says.
 */
export async function runOrders(options: RunOrdersOptions): Promise<readonly OrderOutcome[]> {
  const machine = await ownMachine(options.dataFolder, options.clock ? { clock: options.clock } : {});
  const orders = (await Array.fromAsync(machine.remote.orders())).reverse();
  if (orders.length === 0) return [];
  const isDefaultKey = (await machine.remote.machine()).encryption === "default";
  const outcomes: OrderOutcome[] = [];
  for (const order of orders) outcomes.push(await turnOf(order, machine, { ...options, isDefaultKey }));
  return outcomes;
}

async function turnOf(
  order: OrderView,
  machine: OwnMachine,
  options: RunOrdersOptions & { isDefaultKey: boolean },
): Promise<OrderOutcome> {
  const { remote, settings } = machine;
  // A person who runs it here has it in hand.
  if (order.state === "taken" && !order.unasked) return { kind: "taken", order };
  const { dataFolder, isDefaultKey, signal } = options;
  const approved = settings.restoreRoots ?? [];
  const ruling = mayRunOrder(order, { approved, isDefaultKey, dataFolder, real: realPlace });
  try {
    if (ruling.may) return { kind: "done", order, report: await runOrder(order, machine, ruling, options) };
    if (order.state === "waiting" && order.note !== ruling.because) await remote.noteOrder(order.id, ruling.because);
    return { kind: "waits", order, because: ruling.because };
  } catch (cause) {
    signal?.throwIfAborted();
    const error = asHoldfastError(cause);
    return { kind: error.kind === "unavailable" ? "later" : "failed", order, error };
  }
}

async function runOrder(
  order: OrderView,
  { remote }: OwnMachine,
  { folder, below, bounds }: OrderRuling & { may: true },
  { clock = systemClock, signal, onProgress }: RunOrdersOptions,
): Promise<RestoreReport> {
  const { id, snapshot, existing } = order;
  let fetched = 0;
  const counted = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      fetched += piece.length;
      yield piece;
    }
  };
  return await receiveFiles(readFrames(counted(remote.orderedFiles(id, signal))), {
    folder,
    below,
    bounds,
    existing: existing === "keep" ? "keep" : "rename",
    isAgain: order.state === "taken",
    snapshot,
    clock,
    signal,
    fetchedBytes: () => fetched,
    // A last word that was lost is said by the next turn, which finds everything there.
    toService: (progress) => remote.progressOrder(id, progress).catch(() => undefined),
    onProgress: onProgress && ((progress) => onProgress(order, progress)),
  });
}
