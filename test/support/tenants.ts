/** Two organizations full of rows of every kind, and everybody who might reach for what is somebody else's. */
import { expect } from "vitest";
import { ORGANIZATION_CAPABILITIES } from "../../protocol/capabilities.ts";
import { openAlert } from "../../server-mock/domain/alerts/alerts.ts";
import { mailSecurityNotice } from "../../server-mock/domain/mail/security-mails.ts";
import { addGroup } from "../../server-mock/domain/people/groups.ts";
import { logInAs, makeAdmin, makeOwner, makeRole, type Person } from "./logged-in.ts";
import { registerMachine, type TestMachine } from "./test-machine.ts";
import type { TestService } from "./test-service.ts";

/** Ids by the names that routes give them. */
export type Ids = Readonly<Record<string, string>>;

export interface User {
  readonly person: Person;
  readonly machine: TestMachine;
  readonly ids: Ids;
  /** Stands in all texts of its rows. */
  readonly mark: string;
}

export interface Tenant {
  readonly admin: Person;
  /** Bound to the group `bound`. */
  readonly boundAdmin: Person;
  /** May do nothing. */
  readonly idleAdmin: Person;
  readonly first: User;
  /** Of the same group as the first. */
  readonly second: User;
  /** Of the group `bound`. */
  readonly bound: User;
  /** Of rows that belong to the organization, besides those of its first user. */
  readonly ids: Ids;
  /** Stands in all texts of its rows. */
  readonly mark: string;
}

export async function makeTenants(service: TestService): Promise<{ one: Tenant; other: Tenant }> {
  const owner = await makeOwner(service);
  const make = async (name: string): Promise<Tenant> => {
    const email = `chief@${name}.example`;
    const admin = { email, name: `${name} chief`, password: `${name} password` };
    const body = { name: `${name} incorporated`, admin };
    const made = await service.call("createOrganization", { token: owner.token, body });
    if (made.status !== 200) throw new Error(`an organization: ${JSON.stringify(made.json)}`);
    const chief = await logInAs(service, email, admin.password);
    return await fill(service, { name, organization: made.json.id, admin: chief, owner: owner.id });
  };
  return { one: await make("aardvark"), other: await make("zebra") };
}

async function fill(
  service: TestService,
  { name, organization, admin, owner }: { name: string; organization: string; admin: Person; owner: string },
): Promise<Tenant> {
  const { domain } = service.service;
  const { token } = admin;
  const made = async (what: string, answered: Promise<{ status: number; json: { id: string } }>): Promise<string> => {
    const { status, json } = await answered;
    if (status !== 200) throw new Error(`${what}: ${JSON.stringify(json)}`);
    return json.id;
  };
  await domain.records.organizations.change(organization, { subdomain: name });
  const defaultGroup = (await domain.records.groups.findDefault(organization))?.id ?? "";
  const bound = (
    await domain.records.transaction((stores) => addGroup(domain, stores, { organization, name: `${name} bound` }))
  ).id;
  const person = (who: string, group: string) => makeUser(service, { token, name: `${name}-${who}`, group });
  const [first, second] = [await person("first", defaultGroup), await person("second", defaultGroup)];
  const boundUser = await person("bound", bound);
  const capabilities = [...ORGANIZATION_CAPABILITIES];
  const role = await makeRole(service, token, { name: `${name} role`, capabilities });
  const boundRole = await makeRole(service, token, { name: `${name} bound role`, capabilities, groups: [bound] });
  const boundAdmin = await makeAdmin(service, token, { email: `bound@${name}.example`, role: boundRole });
  const nothing = await makeRole(service, token, { name: `${name} idle role`, capabilities: [] });
  const idleAdmin = await makeAdmin(service, token, { email: `idle@${name}.example`, role: nothing });
  const timing = { time: "06:00" };
  const regular = { frequency: "daily", timing, recipients: [`mail@${name}.example`] };
  const report = { subject: `${name} report`, report: "users", ...regular };
  const summary = { subject: `${name} summary`, modules: ["backup-summary"], ...regular };
  const webhook = { url: `https://hook.${name}.example/` };
  const hold = { machine: first.machine.id, reason: `${name} trial` };
  const apiToken = { name: `${name} script`, capabilities: ["users.view"] };
  const mail = await domain.records.mails.list({ limit: 1 }, { organization });
  return {
    admin,
    boundAdmin,
    idleAdmin,
    first,
    second,
    bound: boundUser,
    mark: name,
    ids: {
      owner,
      organization,
      group: defaultGroup,
      role,
      admin: admin.id,
      mail: mail[0]?.id ?? "",
      webhook: await made("a webhook", service.call("createWebhook", { token, body: webhook })),
      reportSchedule: await made("a report", service.call("createReportSchedule", { token, body: report })),
      emailAlert: await made("an e-mail alert", service.call("createEmailAlert", { token, body: summary })),
      hold: await made("a hold", service.call("createHold", { token, body: hold })),
      token: await made("an API token", service.call("createApiToken", { token, body: apiToken })),
    },
  };
}

/** A user with product key, machine, a backup, an open session, a restore and an alert. */
async function makeUser(
  service: TestService,
  { token, name, group }: { token: string; name: string; group: string },
): Promise<User> {
  const { domain } = service.service;
  const email = `${name}@${name.split("-")[0]}.example`;
  const body = { email, name, password: `${name} password`, desktopDevices: 5, group };
  const made = await service.call("createUser", { token, body });
  if (made.status !== 200) throw new Error(`a user: ${JSON.stringify(made.json)}`);
  const user = made.json.id;
  const wanted = { user, kind: "desktop", count: 2 };
  const [used, free] = (await service.call("createProductKeys", { token, body: wanted })).json.keys;
  const machine = await registerMachine(service, { productKey: used.productKey, facts: { name: `${name}-machine` } });
  const { data, hash } = await machine.backUp();
  const person = await logInAs(service, email, body.password);
  const restore = await machine.restore(person.token);
  const web = await openedInBrowser(service, person.token, machine.id);
  await machine.open();
  const { records } = domain;
  const [backup] = await records.backups.list(machine.id, { limit: 1 });
  await records.transaction(async (stores) => {
    const row = await stores.accounts.find(user);
    if (row === undefined) throw new Error("no user");
    const { organization } = row;
    const told = { kind: "machine.overdue", id: machine.id, subject: `${name}-machine`, cause: "offline" } as const;
    const of = { organization, machine: machine.id, account: user, userGroup: group };
    await openAlert(domain, stores, { ...told, ...of, message: `${name} is silent.` });
    await mailSecurityNotice(domain, stores, row, { kind: "password-changed" }, { actor: `${name} actor` });
  });
  const alerts = await records.alerts.list({ limit: 1 }, { scope: { account: user } });
  const [logIn] = (await service.call("listLogIns", { token: person.token })).json.items;
  return {
    person,
    machine,
    mark: name,
    ids: {
      user,
      machine: machine.id,
      key: free.id,
      backup: backup?.id ?? "",
      restore: restore.json.restore,
      restoreToken: restore.json.token,
      ...web,
      session: machine.session.session,
      pack: data.id,
      chunk: data.chunks[0]?.toString("hex") ?? "",
      record: hash,
      alert: alerts[0]?.id ?? "",
      token: logIn.id,
    },
  };
}

/** A restore in the browser with an archive, whose counting has failed (there is nothing but noise to count), and an order. */
async function openedInBrowser(service: TestService, token: string, machine: string): Promise<Ids> {
  const params = { machine };
  const opened = (await service.call("openWebRestore", { token, params, body: {} })).json;
  const parts = [{ snapshot: 1, paths: ["/"] }];
  const of = { token, params: { webRestore: opened.id } };
  const archive = (await service.call("createArchive", { ...of, body: { parts } })).json;
  const wish = { snapshot: 1, paths: ["/"], target: { kind: "original" } };
  const order = (await service.call("orderRestore", { token, params, body: wish })).json;
  const status = async () => (await service.call("getArchive", { token, params: { archive: archive.id } })).json.status;
  await expect.poll(status).toBe("failed");
  return { webRestore: opened.id, archive: archive.id, order: order.id };
}
