import { expect, test } from "vitest";
import { GB, makeGroup, makeOrganization, makeUser } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";
import { startTestService } from "../support/test-service.ts";

const all = ({ pools }: { pools: { kind: string }[] }) => pools.find(({ kind }) => kind === "all");

test("there is a default group, another one can become it, and it can't be deleted", async () => {
  const service = await startTestService();
  const { admin, group } = await makeOrganization(service);
  const { token } = admin;
  const [first] = (await service.call("listGroups", { token })).json.items;
  expect(first).toMatchObject({ id: group, name: "Default", label: "(default user group)", isDefault: true, users: 0 });
  expect((await service.call("deleteGroup", { token, params: { group } })).code).toBe("group/default");
  const sales = await makeGroup(service, token, { name: "Sales", externalId: "S-1" });
  const changed = await service.call("changeGroup", { token, params: { group: sales }, body: { isDefault: true } });
  expect(changed.json).toMatchObject({ isDefault: true, label: "(default user group)", version: 2 });
  const was = (await service.call("getGroup", { token, params: { group } })).json;
  expect(was).toMatchObject({ isDefault: false, label: "Default" });
  expect((await service.call("deleteGroup", { token, params: { group } })).status).toBe(200);
  const user = await makeUser(service, token);
  const seen = (await service.call("getUser", { token, params: { user: user.id } })).json;
  expect(seen.group).toEqual({ id: sales, name: "Sales", label: "(default user group)", isDefault: true });
});

test("a group is deleted only when it is empty, and its name is its own", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service);
  const { token } = admin;
  const group = await makeGroup(service, token, { name: "Sales" });
  expect((await service.call("createGroup", { token, body: { name: "Sales" } })).code).toBe("group/exists");
  const user = await makeUser(service, token, { group });
  const refused = await service.call("deleteGroup", { token, params: { group } });
  expect(refused.json.error).toMatchObject({ code: "group/not-empty", data: { members: 1 } });
  const params = { user: user.id };
  await service.call("deleteUser", { token, params });
  expect((await service.call("deleteGroup", { token, params: { group } })).code).toBe("group/not-empty");
  await service.call("purgeUser", { token, params, body: { confirm: user.email } });
  expect((await service.call("deleteGroup", { token, params: { group } })).status).toBe(200);
  expect((await service.call("getGroup", { token, params: { group } })).code).toBe("group/missing");
});

test("a group shows what it has free: Shared, Limited, Assigned, None", async () => {
  const service = await startTestService();
  const { admin } = await makeOrganization(service, { limitBytes: 100 * GB });
  const { token } = admin;
  const make = (name: string, pool: object) => makeGroup(service, token, { name, pools: [{ kind: "all", ...pool }] });
  const ids = [
    await make("Assigned", { mode: "assigned", limitBytes: 30 * GB }),
    await make("Limited", { mode: "limited", limitBytes: 50 * GB }),
    await make("None", { mode: "none" }),
    await makeGroup(service, token, { name: "Shared" }),
  ];
  const free = await Promise.all(
    ids.map(async (group) => all((await service.call("getGroup", { token, params: { group } })).json)),
  );
  expect(free).toMatchObject([
    { mode: "assigned", availableBytes: 30 * GB },
    { mode: "limited", availableBytes: 50 * GB },
    { mode: "none", availableBytes: 0 },
    { mode: "shared", availableBytes: 70 * GB },
  ]);
});

test("a group's limit lies between what is used or granted below and what the organization has left", async () => {
  const service = await startTestService();
  const { admin, group } = await makeOrganization(service, { limitBytes: 100 * GB });
  const { token } = admin;
  await makeUser(service, token, { limitBytes: 20 * GB });
  await makeGroup(service, token, { name: "A", pools: [{ kind: "all", mode: "assigned", limitBytes: 30 * GB }] });
  const change = (pool: object, id = group) =>
    service.call("changeGroup", { token, params: { group: id }, body: { pools: [{ kind: "all", ...pool }] } });
  const range = async (pool: object) => {
    const { code, json } = await change(pool);
    return [code, json.error.data.minimum, json.error.data.maximum];
  };
  expect(await range({ mode: "limited", limitBytes: 19 * GB })).toEqual(["limit/out-of-range", 20 * GB, 70 * GB]);
  expect(await range({ mode: "assigned", limitBytes: 71 * GB })).toEqual(["limit/out-of-range", 20 * GB, 70 * GB]);
  expect(await range({ mode: "none" })).toEqual(["limit/out-of-range", 20 * GB, 0]);
  expect((await change({ mode: "limited" })).code).toBe("request/malformed");
  expect((await change({ mode: "shared", limitBytes: 5 })).code).toBe("request/malformed");
  expect((await change({ mode: "limited", limitBytes: 20 * GB })).status).toBe(200);
  expect((await change({ mode: "assigned", limitBytes: 70 * GB })).status).toBe(200);
  const refused = await service.call("createGroup", {
    token,
    body: { name: "B", pools: [{ kind: "all", mode: "assigned", limitBytes: 1 }] },
  });
  expect(refused.json.error.data).toMatchObject({ minimum: 0, maximum: 0 });
  expect((await service.call("listGroups", { token })).json.items).toHaveLength(2);
});

test("licences of a group are its own, or else the organization's", async () => {
  const service = await startTestService();
  const { admin, owner, id, group } = await makeOrganization(service);
  const { token } = admin;
  const params = { organization: id };
  const pools = [{ kind: "desktop", devices: 10 }];
  expect((await service.call("changeOrganization", { token: owner.token, params, body: { pools } })).status).toBe(200);
  const own = await makeGroup(service, token, { name: "Own", pools: [{ kind: "desktop", devices: 4 }] });
  const free = async (group: string) =>
    (await service.call("getGroup", { token, params: { group } })).json.pools.find(
      ({ kind }: { kind: string }) => kind === "desktop",
    ).devicesFree;
  expect([await free(own), await free(group)]).toEqual([4, 6]);
  await makeUser(service, token, { desktopDevices: 5 });
  await makeUser(service, token, { email: "bob@acme.example", group: own, desktopDevices: 3 });
  expect([await free(own), await free(group)]).toEqual([1, 1]);
  const more = { email: "eve@acme.example", name: "Eve", password: "user password", desktopDevices: 2 };
  for (const group of [own, undefined]) {
    const refused = await service.call("createUser", { token, body: { ...more, group } });
    expect([refused.code, refused.json.error.data.maximum]).toEqual(["device/none-free", 1]);
  }
  const shrink = (devices: number | null) =>
    service.call("changeGroup", { token, params: { group: own }, body: { pools: [{ kind: "desktop", devices }] } });
  expect((await shrink(2)).json.error.data).toMatchObject({ minimum: 3, maximum: 5 });
  expect((await shrink(5)).status).toBe(200);
  expect(await free(group)).toBe(0);
  expect((await shrink(null)).status).toBe(200);
  expect(await free(own)).toBe(2);
});

test("Server and Desktop have rooms of their own when they are separate, and what is granted must fit", async () => {
  const service = await startTestService();
  const { admin, owner, id, group } = await makeOrganization(service, { limitBytes: 100 * GB });
  const { token } = admin;
  await makeUser(service, token, { kind: "desktop", limitBytes: 40 * GB });
  const change = (body: object) =>
    service.call("changeOrganization", { token: owner.token, params: { organization: id }, body });
  const pools = [{ kind: "desktop", limitBytes: 30 * GB }];
  const refused = await change({ settings: { separatePools: true }, pools });
  expect([refused.code, refused.json.error.data.minimum]).toEqual(["limit/out-of-range", 40 * GB]);
  const fitting = [
    { kind: "desktop", limitBytes: 60 * GB },
    { kind: "server", limitBytes: 10 * GB },
  ];
  expect((await change({ settings: { separatePools: true }, pools: fitting })).status).toBe(200);
  const server = {
    email: "srv@acme.example",
    name: "Srv",
    password: "user password",
    kind: "server",
    serverDevices: 1,
  };
  const wanted = { ...server, desktopDevices: 0, limitBytes: 11 * GB };
  expect((await service.call("createUser", { token, body: wanted })).json.error.data.maximum).toBe(10 * GB);
  expect((await service.call("createUser", { token, body: { ...wanted, limitBytes: 10 * GB } })).status).toBe(200);
  const limited = { pools: [{ kind: "server", mode: "limited", limitBytes: 9 * GB }] };
  const group9 = await service.call("changeGroup", { token, params: { group }, body: limited });
  expect(group9.json.error.data.minimum).toBe(10 * GB);
});

test("what a group says otherwise than its organization holds for its users; what it doesn't say doesn't", async () => {
  const service = await startTestService();
  const { admin, group } = await makeOrganization(service, { settings: { sync: true, overdueDays: 9 } });
  const { token } = admin;
  const add = (email: string, group?: string) =>
    service.call("createUsers", {
      token,
      body: { kind: "desktop", sync: true, group, sendInstructions: false, users: [{ name: "A", email }] },
    });
  expect((await add("a@acme.example")).json.created).toBe(1);
  const body = { settings: { sync: false } };
  expect((await service.call("changeGroup", { token, params: { group }, body })).json.settings).toEqual({
    sync: false,
  });
  expect((await add("b@acme.example")).json.rows[0].error).toMatchObject({ code: "sync/not-offered", field: "sync" });
  const back = { settings: { sync: null } };
  expect((await service.call("changeGroup", { token, params: { group }, body: back })).json.settings).toEqual({});
  expect((await add("c@acme.example")).json.created).toBe(1);
});

test("a user moves with its machines and what they use, if the group has the room and the licences", async () => {
  const service = await startTestService();
  const { admin, group } = await makeOrganization(service);
  const { token } = admin;
  const user = await makeUser(service, token, { desktopDevices: 2, limitBytes: GB });
  const machine = await addMachine(service, user);
  await machine.backUp();
  const used = (await service.call("getUser", { token, params: { user: user.id } })).json.usedBytes;
  expect(used).toBeGreaterThan(0);
  const make = (name: string, ...pools: object[]) => makeGroup(service, token, { name, pools });
  const move = (to: string) => service.call("changeUser", { token, params: { user: user.id }, body: { group: to } });
  const refused = async (to: string) => (await move(to)).code;
  expect(
    await refused(await make("tiny", { kind: "all", mode: "limited", limitBytes: used - 1, overageBytes: 0 })),
  ).toBe("group/no-room");
  expect(await refused(await make("none", { kind: "all", mode: "none" }))).toBe("group/no-room");
  expect(await refused(await make("small", { kind: "all", mode: "limited", limitBytes: GB - 1 }))).toBe(
    "limit/out-of-range",
  );
  expect(await refused(await make("few", { kind: "desktop", devices: 1 }))).toBe("device/none-free");
  const fitting = await make(
    "fitting",
    { kind: "all", mode: "assigned", limitBytes: GB },
    { kind: "desktop", devices: 2 },
  );
  expect((await move(fitting)).json.group.id).toBe(fitting);
  const usedIn = async (id: string) =>
    all((await service.call("getGroup", { token, params: { group: id } })).json) as unknown as { usedBytes: number };
  expect((await usedIn(fitting)).usedBytes).toBe(used);
  expect((await usedIn(group)).usedBytes).toBe(0);
  const params = { machine: machine.id };
  expect((await service.call("getMachine", { token, params })).json.group.id).toBe(fitting);
  await machine.backUp();
  expect((await usedIn(fitting)).usedBytes).toBeGreaterThan(used);
});

test("a user moves between groups that share the organization's licences although all of these are handed out", async () => {
  const service = await startTestService();
  const { admin, owner, id: organization, group } = await makeOrganization(service);
  const { token } = admin;
  const give = { params: { organization }, body: { pools: [{ kind: "desktop", devices: 2 }] } };
  expect((await service.call("changeOrganization", { token: owner.token, ...give })).status).toBe(200);
  const user = await makeUser(service, token, { desktopDevices: 2 });
  const move = (to: string) => service.call("changeUser", { token, params: { user: user.id }, body: { group: to } });
  const sharing = await makeGroup(service, token, { name: "sharing" });
  expect((await move(sharing)).json.devices.desktop.limit).toBe(2);
  const { pools } = (await service.call("ownOrganization", { token })).json;
  expect(pools).toContainEqual(expect.objectContaining({ kind: "desktop", devices: 2, devicesFree: 0 }));
  const more = { token, params: { user: user.id }, body: { desktopDevices: 3, group } };
  expect((await service.call("changeUser", more)).code).toBe("device/none-free");
});
