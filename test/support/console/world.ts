/**
 * Northwind Fabrication: an organization that looks like a real one, for lists and pictures. It is the service's first organization, so
 * `service.first.admin` administers it; most of it is written as rows, so that it is there in a second.
 */
import { logInAs } from "../logged-in.ts";
import { accountRow, groupRow, poolRows } from "../rows.ts";
import type { TestService } from "../test-service.ts";
import { insertRuns, pastOf } from "./world-history.ts";
import { insertNotices } from "./world-notices.ts";
import { addressOf, FIRST_PERSON, MACHINES, PEOPLE, type WorldGroup, type WorldStatus } from "./world-people.ts";
import { DAY, idAt, insertMachine, machineId } from "./world-rows.ts";
import { insertUsage } from "./world-usage.ts";

const GB = 1_000_000_000;
const LIMIT_GB = 12_000;

export interface WorldUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly group: WorldGroup;
}

export interface WorldMachine {
  readonly id: string;
  readonly name: string;
  readonly user: WorldUser;
  readonly status: WorldStatus;
  readonly kind: "desktop" | "server";
}

export interface ConsoleWorld {
  readonly organization: { readonly id: string; readonly name: string; readonly subdomain: string };
  /** Everything in the organization. */
  readonly admin: { readonly email: string; readonly password: string };
  /** Maria Keller, of Design, with two machines of her own and some more; logs in at the subdomain. */
  readonly user: WorldUser & { readonly password: string };
  readonly groups: Readonly<Record<WorldGroup, string>>;
  readonly users: readonly WorldUser[];
  readonly machines: readonly WorldMachine[];
  /** By its name. */
  machine(name: string): WorldMachine;
}

export async function makeWorld(service: TestService): Promise<ConsoleWorld> {
  const { domain } = service.service;
  const { records } = domain;
  const now = service.clock.now();
  const password = service.first.user.password;
  const { first, admin, organization } = await takeOver(service);
  const hash = await domain.passwords.hash(password);
  // What the service noted as it was set up, a moment ago.
  for (const { id } of await records.events.listWaiting(100)) await records.events.setHandled(id, now);
  await records.events.removeHandled(now + 1);
  const groups: Record<WorldGroup, string> = {
    Office: first.group,
    Design: idAt(now - 400 * DAY),
    Workshop: idAt(now - 390 * DAY),
    Servers: idAt(now - 380 * DAY),
  };
  const users: WorldUser[] = PEOPLE.map(([name, group], index) => ({
    id: index === FIRST_PERSON ? first.id : idAt(now - (380 - index * 9) * DAY),
    email: addressOf(name),
    name,
    group,
  }));
  const machines: WorldMachine[] = [];
  await records.transaction(async (stores) => {
    for (const name of ["Design", "Workshop", "Servers"] as const) {
      const overdueDays = name === "Servers" ? { settings: JSON.stringify({ overdueDays: 2 }) } : {};
      await stores.groups.insert(
        groupRow(groups[name], organization, { name, createdAt: now - 380 * DAY, ...overdueDays }),
      );
      await stores.pools.insert(poolRows(groups[name], organization));
    }
    await stores.pools.change(groups.Workshop, "all", { mode: "limited", limitBytes: 2500 * GB });
    for (const [index, user] of users.entries()) {
      if (index === FIRST_PERSON)
        await stores.accounts.change(user.id, { ...personOf(user, groups), createdAt: now - 380 * DAY });
      else
        await stores.accounts.insert(
          accountRow(user.id, {
            ...personOf(user, groups),
            organization,
            password: hash,
            externalId: index % 4 === 3 ? null : `E-${1040 + index * 7}`,
            state: index === 13 ? "inactive" : index === 20 ? "suspended" : "active",
            kind: user.group === "Servers" ? "server" : null,
            limitBytes: index === 2 ? 400 * GB : index % 5 === 1 ? 1000 * GB : null,
            desktopDevices: user.group === "Servers" ? 0 : 6,
            serverDevices: user.group === "Servers" ? 6 : 0,
            createdFrom: `203.0.113.${20 + index}`,
            sync: index % 6 === 5 ? 1 : 0,
            createdAt: now - (380 - index * 9) * DAY,
          }),
        );
    }
    for (const [index, plan] of MACHINES.entries()) {
      const [id, user] = [machineId(plan.name), users[plan.user] ?? users[0]];
      if (user === undefined) throw new Error("a machine of nobody");
      const { usedBytes, ...past } = pastOf(plan, now);
      const { name, os, kind, status } = plan;
      const vault = await insertMachine(stores, {
        ...past,
        ...{ id, name, os, kind, organization, account: user.id, userGroup: groups[user.group] },
        virtual: plan.virtual ? 1 : 0,
        fingerprint: machineId(`hardware of ${name}`).repeat(2),
        agentVersion: index % 9 === 4 ? "0.9.2" : "1.0.0",
        state: status === "suspended" ? "suspended" : "active",
        externalId: index % 3 === 0 ? `NW-${2000 + index * 13}` : null,
        deletedAt: status === "deleted" ? now - 4 * DAY : null,
      });
      await stores.quota.charge(id, usedBytes);
      const row = await stores.machines.findEvenDeleted(id);
      if (row !== undefined) await insertRuns(stores, row, { plan, vault, now });
      machines.push({ id, name, user, status, kind });
    }
    for (const { id } of users) await stores.accounts.recount(id);
    await insertNotices(stores, { organization, now, machines, groups, admin: admin.id });
    await insertUsage(stores, { organization, now, machines, users, groups, limitBytes: LIMIT_GB * GB });
  });
  const [maria] = users;
  if (maria === undefined) throw new Error("nobody works there");
  return {
    organization: { id: organization, name: "Northwind Fabrication", subdomain: "northwind" },
    admin: service.first.admin,
    user: { ...maria, password },
    groups,
    users,
    machines,
    machine: (name) => {
      const found = machines.find((each) => each.name === name);
      if (found === undefined) throw new Error(`no machine ${name} in this world`);
      return found;
    },
  };
}

const personOf = ({ name, email, group }: WorldUser, groups: Readonly<Record<WorldGroup, string>>) => {
  const [firstName = "", ...rest] = name.split(" ");
  return { name, email, login: email, firstName, lastName: rest.join(" "), userGroup: groups[group] };
};

/** The first organization gets its name, its door, and its room. */
async function takeOver(service: TestService) {
  const { records } = service.service.domain;
  const { email, password } = service.first.admin;
  const admin = await logInAs(service, email, password);
  await service.call("logout", { token: admin.token });
  const [account, user] = [
    await records.accounts.find(admin.id),
    await records.accounts.findByLogin(service.first.user.email),
  ];
  const organization = account?.organization ?? "";
  const group = user?.userGroup;
  if (user === undefined || group === undefined || group === null) throw new Error("not a new service");
  const settings = JSON.stringify({ usersLogIn: true, sync: true });
  await records.organizations.change(organization, { name: "Northwind Fabrication", subdomain: "northwind", settings });
  await records.groups.change(group, { name: "Office" });
  await records.accounts.change(admin.id, { name: "Ines Calder" });
  await records.pools.change(organization, "all", { limitBytes: LIMIT_GB * GB });
  for (const [kind, devices] of [
    ["desktop", 160],
    ["server", 24],
  ] as const)
    await records.pools.change(organization, kind, { devices });
  return { first: { id: user.id, group }, admin, organization };
}
