/** Simulated people and machines: agents that report and back up, restores, admins who look at lists. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { MACHINE_FILTERS, MACHINE_SORTS, USER_FILTERS, USER_SORTS } from "../../protocol/messages/lists.ts";
import {
  machineFacts,
  makePack,
  makeVault,
  pagesPack,
  TestMachine,
  vaultPublic,
} from "../../test/support/test-machine.ts";
import type { TestService } from "../../test/support/test-service.ts";
import type { HttpCaller } from "./http-caller.ts";

const USERS = 20;
const KEYS_AT_ONCE = 1000;
const AT_ONCE = 16;
const PACKS = 2;
const CHUNKS = 64;
const CHUNK_BYTES = 16 * 1024;
const PASSWORD = "a password for all of them";

export interface Fleet {
  readonly machines: readonly TestMachine[];
  /** Console tokens of the users, by machine. */
  readonly userTokens: readonly string[];
}

/** Users, product keys and machines, all through the API. */
export async function makeFleet(caller: HttpCaller, admin: string, count: number): Promise<Fleet> {
  const each = Math.ceil(count / USERS);
  const keys: { key: string; user: number }[] = [];
  const userTokens: string[] = [];
  for (let user = 0; user < USERS; user++) {
    const email = `user-${user}@bench.example`;
    const body = { email, name: `User ${user}`, password: PASSWORD, desktopDevices: each };
    const { json } = await caller.call("createUser", { token: admin, body });
    for (let left = each; left > 0; left -= KEYS_AT_ONCE) {
      const order = { user: json.id, kind: "desktop", count: Math.min(left, KEYS_AT_ONCE) };
      const made = await caller.call("createProductKeys", { token: admin, body: order });
      for (const { productKey } of made.json.keys) keys.push({ key: productKey, user });
    }
    userTokens.push((await caller.call("login", { body: { email, password: PASSWORD } })).json.token);
  }
  // Only its `call` is used.
  const service = caller as unknown as TestService;
  const machines: TestMachine[] = [];
  const tokens: string[] = [];
  const waiting = keys.slice(0, count);
  const register = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const vault = makeVault();
      const facts = machineFacts({ name: `pc-${waiting.length}` });
      const body = { productKey: next.key, machine: facts, vault: await vaultPublic(service, vault) };
      const { status, json } = await caller.call("register", { body });
      if (status !== 200) throw new Error(`registration: ${JSON.stringify(json)}`);
      machines.push(new TestMachine(service, vault, json));
      tokens.push(userTokens[next.user] ?? "");
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, register));
  return { machines, userTokens: tokens };
}

/** Every `everyMs`, beginning somewhere in the first of them, until `signal`. Work that takes longer is not begun again meanwhile. */
export async function repeat(
  { everyMs, part, signal }: { everyMs: number; part: number; signal: AbortSignal },
  work: () => Promise<void>,
): Promise<void> {
  let next = performance.now() + everyMs * part;
  while (!signal.aborted) {
    await sleep(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await work();
    next = Math.max(next + everyMs, performance.now());
  }
}

export const heartbeat = async (caller: HttpCaller, machine: TestMachine): Promise<void> => {
  await caller.call("ownMachine", { token: machine.token });
};

/** Two packs of a megabyte, one of pages, and a snapshot. */
export async function backUp(caller: HttpCaller, machine: TestMachine): Promise<void> {
  await machine.open(randomUUID());
  const links: Buffer[] = [];
  for (let at = 0; at < PACKS; at++) {
    const chunks = Array.from({ length: CHUNKS }, () => ({ length: CHUNK_BYTES }));
    const pack = makePack(machine.vault.id, chunks);
    await machine.put(pack);
    links.push(...pack.chunks);
    const { session, fence } = machine.session;
    const counters = { files: 1, bytes: 1, filesEncoded: 1, bytesEncoded: 1, filesTransferred: 1, bytesTransferred: 1 };
    const body = { fence, counters };
    await caller.call("progressSession", { token: machine.token, params: { session }, body });
  }
  const pages = pagesPack(machine.vault.id, links);
  await machine.put(pages);
  const [root] = pages.chunks;
  if (root !== undefined) await machine.commit(machine.record(root));
}

/** Everything that the machine's last backup brought. */
export async function restore(caller: HttpCaller, machine: TestMachine, user: string): Promise<void> {
  const opened = await caller.call("openRestore", {
    token: user,
    params: { machine: machine.id },
    body: { source: "cli" },
  });
  if (opened.status !== 200) return;
  const { token } = opened.json;
  const listed = await caller.call("listSnapshots", { token, query: { limit: 1 } });
  const [snapshot] = listed.json.items;
  if (snapshot === undefined) return;
  await caller.call("getSnapshot", { token, params: { sequence: snapshot.sequence } });
  const body = { filesRequested: 1, filesRetrieved: 1, bytes: 1, status: "completed" };
  await caller.call("progressRestore", { token, body });
}

/** One thing after the other, as somebody does who looks around. */
export async function lookAround(caller: HttpCaller, token: string, step: number): Promise<void> {
  const of = <T>(all: readonly T[]): T | undefined => all[step % all.length];
  switch (step % 4) {
    case 0:
      await caller.call("listMachines", { token, query: { sort: of(MACHINE_SORTS) ?? "" } });
      return;
    case 1:
      await caller.call("listMachines", {
        token,
        query: { filter: of(MACHINE_FILTERS) ?? "", search: "pc-1", full: "true" },
      });
      return;
    case 2:
      await caller.call("listUsers", { token, query: { sort: of(USER_SORTS) ?? "", filter: of(USER_FILTERS) ?? "" } });
      return;
    default:
      await caller.call("overview", { token });
  }
}
