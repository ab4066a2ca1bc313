/**
 * Nobody reaches what is somebody else's. For every route of the table, everybody whose token fits it names every id that it takes, in its path, its
 * query and its body, as somebody else's: that must be refused as if there were no such thing, no answer may show it, and nothing of it may change.
 *
 * A new route is tried by itself. Its ids are known by their members' names: NAMES says whose row each is.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { ORGANIZATION_CAPABILITIES } from "../../protocol/capabilities.ts";
import { type Audience, ROUTES, type Route, type RouteName } from "../../protocol/routes.ts";
import { encodeSnapshotRecord } from "../../protocol/snapshot-record.ts";
import { type IdPlace, idPlaces, sample } from "../support/sample-body.ts";
import { type Ids, makeTenants, type Tenant, type User } from "../support/tenants.ts";
import { NO_COUNTERS } from "../support/test-machine.ts";
import { type Answered, startTestService, type TestService } from "../support/test-service.ts";

/** Whose id a member of that name holds: a key of `Ids` (test/support/tenants.ts). Say here how to fill the ids of a new route. */
const NAMES: Readonly<Record<string, string | ((path: string) => string)>> = {
  organization: "organization",
  group: "group",
  groups: "group",
  user: "user",
  account: "user",
  users: "user",
  machine: "machine",
  machines: "machine",
  key: "key",
  keys: "key",
  role: "role",
  admin: "admin",
  owner: "owner",
  token: (path) => (path.includes("log-ins") ? "logIn" : "token"),
  backup: "backup",
  alert: "alert",
  mail: "mail",
  webhook: "webhook",
  schedule: (path) => (path.includes("email-alerts") ? "emailAlert" : "reportSchedule"),
  hold: "hold",
  webRestore: "webRestore",
  archive: "archive",
  order: "order",
  session: "session",
  pack: "pack",
  ids: "chunk",
};

/** Members that look like ids and are none of anybody's rows. */
const NO_IDS = new Set(["idempotencyKey", "fingerprint", "certificate", "kek", "known", "tag", "run", "digest"]);

/** Parameters that are the same for everybody. */
const PLAIN: Readonly<Record<string, unknown>> = { sequence: 1, report: "users" };

/** Bodies that the schema alone does not make. */
const BODIES: Partial<Record<RouteName, object>> = {
  commitSession: { fence: 1, record: someRecord(), counters: NO_COUNTERS, problems: [], problemCount: 0 },
  changeWrap: { wrap: { kind: "corporate", certificate: "0".repeat(64), ciphertext: "AAAA" }, replaces: 1 },
  createAccount: { login: "somebody", email: "somebody@sample.example" },
  createUsers: { kind: "desktop", users: [{ name: "Somebody", email: "somebody@sample.example" }] },
};

/** Files that are sent, with the ids that stand in them. */
const FILES: Partial<Record<RouteName, (ids: Ids) => string>> = {
  importUsers: () => "Username,Email\nSomebody,somebody@sample.example\n",
  moveMachines: ({ machine }) =>
    `Machine Name,Machine Hash,Current Owner,New Owner\nany,${machine},any@sample.example,somebody@sample.example\n`,
};

/** Whose ids stand in those files. */
const IN_FILES: Partial<Record<RouteName, string>> = { moveMachines: "machine" };

/** Ids that are told, not asked for. */
const TOLD = new Set(["putPack params.pack"]);

const REFUSALS = new Set(["role/not-allowed", "role/exceeds", "login/in-person", "token/wrong-audience"]);

interface Intruder {
  readonly name: string;
  readonly audience: Audience;
  /** May do all that an organization's admins can: what is refused to it is refused for the row's sake. */
  readonly isFull?: true;
  readonly token: string;
  readonly own: Ids;
  readonly theirs: Ids;
  /** Texts of whoever it must not see. */
  readonly marks: readonly string[];
}

const routes = (Object.entries(ROUTES) as [RouteName, Route][]).filter(
  ([, { audience }]) => !audience.includes("none"),
);

async function listIntruders(service: TestService, one: Tenant, other: Tenant): Promise<Intruder[]> {
  const idsOf = (tenant: Tenant, user: User): Ids => ({ ...user.ids, logIn: user.ids.token ?? "", ...tenant.ids });
  const capabilities = ["users.view", "users.edit", "machines.view", "machines.edit", "keys.view", "keys.create"];
  const body = { name: "script", capabilities };
  const api = (await service.call("createApiToken", { token: other.admin.token, body })).json;
  const foreign = { own: idsOf(other, other.first), theirs: idsOf(one, one.first), marks: [one.mark] };
  // In the same organization: what is its own is seen by both, so only the rows of users count.
  const inside = (own: User, theirs: User): Pick<Intruder, "own" | "theirs" | "marks"> => ({
    own: idsOf(one, own),
    theirs: { ...theirs.ids, logIn: theirs.ids.token ?? "" },
    marks: [theirs.mark],
  });
  const bound = inside(one.bound, one.first);
  const { group = "", role = "", admin = "", hold = "" } = one.ids;
  const boundIds = { ...bound.theirs, group, role, admin, hold };
  const console = (name: string, token: string, of: Pick<Intruder, "own" | "theirs" | "marks">): Intruder => ({
    name,
    audience: "console",
    token,
    ...of,
  });
  const programs = (user: User, of: Pick<Intruder, "own" | "theirs" | "marks">): Intruder[] => [
    { name: `machine of ${user.mark}`, audience: "agent", token: user.machine.token, ...of },
    { name: `restore of ${user.mark}`, audience: "restore", token: user.ids.restoreToken ?? "", ...of },
  ];
  return [
    { ...console("another organization's admin", other.admin.token, foreign), isFull: true },
    console("another organization's bound admin", other.boundAdmin.token, foreign),
    console("another organization's API token", api.token, foreign),
    console("another organization's user", other.first.person.token, foreign),
    console("an admin of another group", one.boundAdmin.token, { ...bound, theirs: boundIds }),
    console("an admin who may do nothing", one.idleAdmin.token, inside(one.bound, one.first)),
    console("another user of the group", one.second.person.token, inside(one.second, one.first)),
    ...programs(other.first, foreign),
    ...programs(one.second, inside(one.second, one.first)),
  ];
}

const keyOf = (member: string, path: string): string | undefined => {
  const named = NAMES[member];
  return typeof named === "function" ? named(path) : named;
};

function callAs(service: TestService, intruder: Intruder, name: RouteName, place?: IdPlace): Promise<Answered> {
  const { path, bytes }: Route = ROUTES[name];
  const idFor = (ids: Ids) => (member: string) => PLAIN[member] ?? ids[keyOf(member, path) ?? ""];
  const made = (part: "params" | "query" | "body") => {
    const own = idFor(intruder.own);
    if (place?.part !== part) return (part === "body" ? BODIES[name] : undefined) ?? sample(name, part, { idFor: own });
    const forced = { path: place.path, value: idFor(intruder.theirs)(place.name) };
    return withForced(part === "body" ? BODIES[name] : undefined, forced) ?? sample(name, part, { idFor: own, forced });
  };
  return service.call(name, {
    token: intruder.token,
    params: made("params") as Record<string, string>,
    query: made("query") as Record<string, string>,
    body: bytes === "request" ? fileOf(name, place?.part === "file" ? intruder.theirs : intruder.own) : made("body"),
  });
}

const fileOf = (name: RouteName, ids: Ids): Buffer => Buffer.from(FILES[name]?.(ids) ?? "bytes");

/** A body of the table, with the other's id in its place. */
function withForced(body: object | undefined, forced: { path: readonly string[]; value: unknown }): object | undefined {
  const [member = "", rest] = forced.path;
  return body === undefined ? undefined : { ...body, [member]: rest === "[]" ? [forced.value] : forced.value };
}

/** What stands in an answer although it is another's; ids that the call itself named may come back. */
function leaked({ bytes }: Answered, { theirs, own, marks }: Intruder, named: readonly string[]): string[] {
  const text = bytes.toString("utf8").toLowerCase();
  const ids = Object.values(theirs).filter((id) => id.length > 3 && !Object.values(own).includes(id));
  return [...ids.filter((id) => !named.includes(id)), ...marks].filter((each) => text.includes(each.toLowerCase()));
}

/** Rows of all tables that somebody's texts or ids stand in. */
function rowsOf({ data }: TestService, mark: string): string[] {
  const path = join(data, "holdfast.db");
  if (!existsSync(path)) return []; // Another engine.
  const db = new DatabaseSync(path, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  const found: string[] = [];
  for (const { name } of tables)
    for (const row of db.prepare(`SELECT * FROM "${name}"`).all()) {
      const text = JSON.stringify(row);
      if (text.includes(mark)) found.push(`${name} ${text}`);
    }
  db.close();
  return found.sort();
}

test("it is known how to fill every id that a route takes", () => {
  const unknown = routes.flatMap(([name, { path }]) =>
    idPlaces(name, (member) => member in NAMES)
      .filter(({ name: member }) => !NO_IDS.has(member) && !(member in PLAIN) && keyOf(member, path) === undefined)
      .map(({ part, path: place }) => `${name} ${part}.${place.join(".")}: say how to fill it, in NAMES of this file`),
  );
  expect(unknown).toEqual([]);
});

function someRecord(): string {
  const bytes = (length: number) => Buffer.alloc(length, 7);
  const body = { incomplete: false, vault: bytes(16), machine: bytes(16), sequence: 1, previous: bytes(32), epoch: 1 };
  const signed = { root: bytes(32), claimedAt: 1, signer: bytes(32), signerProof: bytes(32), enc: bytes(32) };
  return encodeSnapshotRecord({ ...body, ...signed, body: bytes(100) }, () => bytes(64)).toString("base64");
}

/** What goes wrong when an intruder names somebody else's id. */
async function tryPlace(
  service: TestService,
  intruder: Intruder,
  name: RouteName,
  place: IdPlace,
): Promise<string | undefined> {
  const key = keyOf(place.name, ROUTES[name].path) ?? "";
  const id = intruder.theirs[key];
  if (id === undefined || id === intruder.own[key]) return undefined;
  const answered = await callAs(service, intruder, name, place);
  const seen = leaked(answered, intruder, [id]);
  const { code = String(answered.status) } = answered;
  // A filter may find nothing, a question may be answered with no.
  const isEmpty = answered.status === 200 && (place.part === "query" || name === "locate");
  // Rows of a file are refused one by one.
  const isRowRefused = answered.status === 200 && /"code":"[a-z-]+\/missing"/.test(answered.bytes.toString());
  const isRefused = isRowRefused || code.endsWith("/missing") || (REFUSALS.has(code) && !provesNothing(intruder, name));
  if (seen.length === 0 && (isEmpty || isRefused)) return undefined;
  const what = `${intruder.name} names another's ${key} in ${place.part}.${place.path.join(".")} of ${name}`;
  return `${what}: ${seen.length > 0 ? `sees ${seen.join(", ")}` : answered.bytes.toString("utf8", 0, 300)}`;
}

/** A refusal that did not look at the row, although the caller's rights would do. */
const provesNothing = ({ isFull }: Intruder, name: RouteName): boolean => {
  const { needs }: Route = ROUTES[name];
  return isFull === true && (needs === undefined || ORGANIZATION_CAPABILITIES.includes(needs));
};

async function tryReading(service: TestService, intruder: Intruder, name: RouteName): Promise<string | undefined> {
  const seen = leaked(await callAs(service, intruder, name), intruder, []);
  return seen.length === 0 ? undefined : `${name} shows ${intruder.name} ${seen.join(", ")}`;
}

test("ids of others are refused as if they didn't exist, no list shows them, and nothing of theirs changes", async () => {
  const service = await startTestService();
  const { one, other } = await makeTenants(service);
  const intruders = await listIntruders(service, one, other);
  const before = rowsOf(service, one.mark);
  const wrong: (string | undefined)[] = [];
  let tried = 0;
  for (const [name, route] of routes)
    for (const intruder of intruders.filter(({ audience }) => route.audience.includes(audience))) {
      for (const place of placesOf(name)) wrong.push(await tryPlace(service, intruder, name, place));
      if (route.method === "GET") wrong.push(await tryReading(service, intruder, name));
      tried += 1;
    }
  expect(wrong.filter((each) => each !== undefined)).toEqual([]);
  expect(rowsOf(service, one.mark)).toEqual(before);
  expect(tried).toBeGreaterThan(routes.length);
}, 180_000);

function placesOf(name: RouteName): IdPlace[] {
  const inFile = IN_FILES[name];
  const places = idPlaces(name, (member) => member in NAMES).filter(
    ({ name: member, part, path }) =>
      keyOf(member, ROUTES[name].path) !== undefined &&
      !NO_IDS.has(member) &&
      !TOLD.has(`${name} ${part}.${path.join(".")}`),
  );
  return inFile === undefined ? places : [...places, { part: "file", path: [], name: inFile }];
}
