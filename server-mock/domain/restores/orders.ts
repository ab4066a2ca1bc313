/** Restores ordered on a machine. The service hands them out when that machine asks; whoever sits there, or its agent (run-orders.ts), runs one, or does not. */
import { HoldfastError } from "../../../protocol/errors.ts";
import { ORDER_NOTES, type OrderRequest, type OrderView } from "../../../protocol/messages/restore-orders.ts";
import type { RestoreStatus } from "../../../protocol/restore-status.ts";
import type { RecordStores } from "../../records/records.ts";
import { UNASKED, type WebRestoreRow } from "../../records/restores.ts";
import type { MachineRow, RestoreRow } from "../../records/rows.ts";
import { actorOf, getMachine } from "../access/access.ts";
import type { AgentCaller, ConsoleCaller } from "../access/callers.ts";
import { checkMayRestore, eventOf, newRestore } from "../backup/restores.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { chainRestore } from "../records/record-chain.ts";
import { instant } from "../views.ts";
import { newWebRestore } from "./web-sessions.ts";
import { orderWishOf, sealWish } from "./wishes.ts";

/** So long it waits for somebody at the machine. */
const ORDER_MS = 14 * 24 * 3600 * 1000;

/** Throws `snapshot/missing`, and what `checkMayRestore` throws. */
export async function orderRestore(
  domain: Domain,
  caller: ConsoleCaller,
  { machine: id, ...wish }: OrderRequest & { machine: string },
  address: string,
): Promise<OrderView> {
  const { machine, vault } = await checkMayRestore(domain, caller, { machine: id, source: "web" });
  const snapshot = await domain.records.snapshots.find(vault.number, wish.snapshot);
  if (snapshot?.state !== "kept") throw new HoldfastError("snapshot/missing", { snapshot: wish.snapshot });
  const expiresAt = domain.clock.now() + ORDER_MS;
  const order = { source: "web", purpose: "order" } as const;
  const by = caller.account.login;
  const restore = { ...newRestore(domain, machine, { order, by, expiresAt }), status: "ordered" } as const;
  const row = newWebRestore(domain, caller, { restore, kind: "order", wish: sealWish(domain, restore.id, wish) });
  await domain.records.transaction(async (stores) => {
    await stores.restores.insert(restore);
    await stores.webRestores.insert(row);
    const act = { ...actorOf(caller, address), organization: machine.organization, account: machine.account };
    const detail = `snapshot ${wish.snapshot}, ${wish.paths.length} paths, to ${wish.target.kind === "original" ? "where they were" : "a folder"}`;
    await audit(domain, stores, { ...act, action: "restores/order", subject: machine.name, detail });
    const told = { restore: restore.id, by, source: "web", purpose: "order" };
    await emit(domain, stores, { ...eventOf(machine), kind: "restore.requested", detail: told });
  });
  return viewOrder(domain, machine, row, restore);
}

/** Whoever may see the machine sees who ordered what there; the paths too, for it is that person who will be asked to run it. */
export async function listOrders(
  domain: Domain,
  caller: ConsoleCaller,
  { machine: id, ...query }: ListQuery & { machine: string },
): Promise<Page<OrderView>> {
  const { machine } = await getMachine(domain.records, caller, id);
  // Names of files are for whoever may restore them.
  if (machine.account !== caller.account.id && !caller.capabilities.has("restores.create"))
    throw new HoldfastError("role/not-allowed", { action: "restore", capability: "restores.create" });
  return await ordersOf(domain, machine, query, "all");
}

export const listOwnOrders = (domain: Domain, { machine }: AgentCaller, query: ListQuery): Promise<Page<OrderView>> =>
  ordersOf(domain, machine, query, "open");

const ordersOf = (domain: Domain, machine: MachineRow, query: ListQuery, which: "all" | "open") =>
  pageOf(
    query,
    (page) => domain.records.webRestores.listOrders(machine.id, page, which),
    async (row) => viewOrder(domain, machine, row, await domain.records.restores.find(row.restore)),
  );

/** By whoever ordered it, or whose machine it is. Throws `restore/missing` and `restore/order-begun`. */
export async function cancelOrder(domain: Domain, caller: ConsoleCaller, id: string, address: string): Promise<void> {
  const { account, actor } = caller;
  await domain.records.transaction(async (stores) => {
    const order = await findOrder(stores, id);
    const machine = order === undefined ? undefined : await stores.machines.find(order.web.machine);
    const isOurs = order?.web.account === account.id || machine?.account === account.id;
    if (order === undefined || machine === undefined || !isOurs || actor !== undefined)
      throw new HoldfastError("restore/missing");
    await endOrder(domain, stores, order.restore, "cancelled", null);
    const act = { ...actorOf(caller, address), organization: machine.organization, account: machine.account };
    await audit(domain, stores, { ...act, action: "restores/cancel-order", subject: machine.name });
  });
}

/** At the machine. Throws `restore/missing` and `restore/order-begun`. */
export async function refuseOrder(
  domain: Domain,
  { machine }: AgentCaller,
  id: string,
  address: string,
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const order = await findOrder(stores, id);
    if (order?.web.machine !== machine.id) throw new HoldfastError("restore/missing");
    await endOrder(domain, stores, order.restore, "cancelled", "restore/order-refused");
    const act = { actor: `machine ${machine.name}`, address, organization: machine.organization };
    await audit(domain, stores, {
      ...act,
      account: machine.account,
      action: "restores/refuse-order",
      subject: machine.name,
    });
  });
}

export async function findOrder(
  stores: RecordStores,
  id: string,
): Promise<{ web: WebRestoreRow; restore: RestoreRow } | undefined> {
  const web = await stores.webRestores.find(id);
  const restore = await stores.restores.find(id);
  return web?.kind === "order" && restore !== undefined ? { web, restore } : undefined;
}

/** Throws `restore/order-begun`. */
export async function endOrder(
  domain: Domain,
  stores: RecordStores,
  restore: RestoreRow,
  status: RestoreStatus,
  code: string | null,
): Promise<void> {
  if (restore.status !== "ordered") throw new HoldfastError("restore/order-begun");
  await stores.restores.change(restore.id, { status, code, finishedAt: domain.clock.now() });
  await chainRestore(domain, stores, restore.id);
}

function viewOrder(
  domain: Domain,
  machine: MachineRow,
  web: WebRestoreRow,
  restore: RestoreRow | undefined,
): OrderView {
  if (restore === undefined) throw new HoldfastError("restore/missing");
  return {
    ...orderWishOf(domain, web),
    id: restore.id,
    machine: machine.id,
    machineName: machine.name,
    state: stateOf(restore),
    status: restore.status,
    requestedBy: restore.requestedBy,
    requestedAt: instant(restore.requestedAt),
    expiresAt: instant(restore.expiresAt),
    note: restore.status === "ordered" ? (ORDER_NOTES.find((note) => note === web.note) ?? null) : null,
    unasked: web.note === UNASKED,
    command: `holdfast restore --order ${restore.id}`,
  };
}

function stateOf({ status, code }: RestoreRow): OrderView["state"] {
  switch (status) {
    case "ordered":
      return "waiting";
    case "running":
      return "taken";
    case "cancelled":
      return code === "restore/order-refused" ? "refused" : "cancelled";
    case "expired":
      return "expired";
    case "ready":
    case "completed":
    case "incomplete":
    case "failed":
      return "done";
  }
}
