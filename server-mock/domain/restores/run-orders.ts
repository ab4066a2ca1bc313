/**
 * An order that its machine's agent runs unasked: the owner approved folders there. No key leaves the service: it opens the backups itself, as for a person in
 * the browser, in the name of whoever ordered, and hands over what was ordered.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { OrderNote } from "../../../protocol/messages/restore-orders.ts";
import type { RestoreProgress } from "../../../protocol/messages/restores.ts";
import type { Problem } from "../../../protocol/messages/sessions.ts";
import { UNASKED, type WebRestoreRow } from "../../records/restores.ts";
import type { RestoreRow } from "../../records/rows.ts";
import type { AgentCaller } from "../access/callers.ts";
import { mayStillRead, RESTORE_MS } from "../access/tokens.ts";
import { progressRestore } from "../backup/restores.ts";
import type { Domain } from "../domain.ts";
import { effectiveForMachine } from "../policies/effective.ts";
import { audit } from "../records/audit.ts";
import { problemsOf } from "./archives.ts";
import { endOrder, findOrder } from "./orders.ts";
import { checkOpenable, type OpenedRestore } from "./web-sessions.ts";
import { type OrderWish, orderWishOf } from "./wishes.ts";

export interface TakenOrder {
  readonly opened: OpenedRestore;
  readonly wish: OrderWish;
  /** Found broken before: left out. */
  readonly known: readonly Problem[];
}

/** Whoever was cut off may take it again. Throws `restore/missing`, `restore/order-begun`, and what `checkOrder` throws. */
export async function takeOrder(
  domain: Domain,
  { machine, vault }: AgentCaller,
  id: string,
  address: string,
): Promise<TakenOrder> {
  await checkOrder(domain, { machine, vault }, id).catch(async (error: unknown) => {
    const isVoid = error instanceof HoldfastError && error.code === "restore/order-void";
    if (isVoid) await endVoid(domain, id);
    throw error;
  });
  return await domain.records.transaction(async (stores) => {
    const order = await findOrder(stores, id);
    if (order?.web.machine !== machine.id) throw new HoldfastError("restore/missing");
    const { web, restore } = order;
    if (!isAgents(restore, web)) throw new HoldfastError("restore/order-begun");
    const expiresAt = domain.clock.now() + RESTORE_MS;
    await stores.restores.change(id, { status: "running", expiresAt });
    await stores.webRestores.change(id, { note: UNASKED });
    const act = { actor: restore.requestedBy, address, organization: machine.organization, account: machine.account };
    const detail = "ordered files handed to the machine itself, into a folder approved there";
    await audit(domain, stores, { ...act, action: "restores/take-order", subject: machine.name, detail });
    const opened = { restore: { ...restore, status: "running", expiresAt } as const, machine, vault };
    return { opened, wish: orderWishOf(domain, web), known: problemsOf(web) };
  });
}

/**
 * That whoever ordered might order it now, and that it has not ended; also while files go out. Throws `restore/missing`, `restore/order-begun`, `restore/order-void`,
 * `restore/web-off`, `restore/key-is-yours`.
 */
export async function checkOrder(
  domain: Domain,
  { machine, vault }: Pick<AgentCaller, "machine" | "vault">,
  id: string,
): Promise<void> {
  const { records, clock } = domain;
  const order = await findOrder(records, id);
  if (order?.web.machine !== machine.id) throw new HoldfastError("restore/missing");
  if (!isAgents(order.restore, order.web) || order.restore.expiresAt <= clock.now())
    throw new HoldfastError("restore/order-begun");
  const mayRead = await mayStillRead(records, order.web.account, machine).catch((error: unknown) => {
    if (error instanceof HoldfastError && error.kind === "denied") return false;
    throw error;
  });
  if (!mayRead) throw new HoldfastError("restore/order-void");
  if (!(await effectiveForMachine(records, machine)).webRestore.value) throw new HoldfastError("restore/web-off");
  checkOpenable(machine, vault);
}

/** Nobody has begun it, or the agent has, and was cut off. */
const isAgents = ({ status }: RestoreRow, { note }: WebRestoreRow): boolean =>
  status === "ordered" || (status === "running" && note === UNASKED);

const endVoid = (domain: Domain, id: string): Promise<void> =>
  domain.records.transaction(async (stores) => {
    const row = await stores.restores.find(id);
    if (row?.status === "ordered") await endOrder(domain, stores, row, "failed", "restore/order-void");
  });

/** Throws `restore/missing` for what this machine did not take. */
export async function progressOrder(
  domain: Domain,
  { machine }: AgentCaller,
  id: string,
  report: RestoreProgress,
): Promise<void> {
  const order = await findOrder(domain.records, id);
  const isTaken = order !== undefined && order.web.machine === machine.id && order.web.note === UNASKED;
  if (!isTaken) throw new HoldfastError("restore/missing");
  await progressRestore(domain, { machine, restore: order.restore }, report);
}

/** Shown with the order. Throws `restore/missing`, `restore/order-begun`. */
export async function noteOrder(
  { records }: Domain,
  { machine }: AgentCaller,
  { order: id, note }: { order: string; note: OrderNote },
): Promise<void> {
  await records.transaction(async (stores) => {
    const order = await findOrder(stores, id);
    if (order?.web.machine !== machine.id) throw new HoldfastError("restore/missing");
    if (order.restore.status !== "ordered") throw new HoldfastError("restore/order-begun");
    await stores.webRestores.change(id, { note });
  });
}
