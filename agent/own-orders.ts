/** A restore that somebody ordered on this machine, as it is to be run: never before somebody here says so. */
import { HoldfastError } from "../protocol/errors.ts";
import type { OrderView } from "../protocol/messages/restore-orders.ts";
import { catalogPathOf } from "./model/spelled-path.ts";
import { listOrders } from "./own-records.ts";

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
