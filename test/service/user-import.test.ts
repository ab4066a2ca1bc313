/** Users from a CSV file: dry run, errors by row and column, all or nothing. */
import { expect, test } from "vitest";
import { groupRow, poolRows } from "../support/rows.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const HEAD = "Username,Email,External ID,User Group,Type,Storage Limit,Devices";

async function start() {
  const test = await startTestService();
  const token = await test.logIn("admin");
  const send = async (lines: readonly string[] | Buffer, query: Record<string, string> = {}) => {
    const body = Buffer.isBuffer(lines) ? lines : Buffer.from(lines.join("\r\n"));
    return await test.call("importUsers", { token, body, query });
  };
  return { test, token, send };
}

const emails = async (test: TestService, token: string) =>
  (
    await test.call("listUsers", { token, query: { sort: "user", full: "true", search: "@csv.example" } })
  ).json.items.map(({ email }: { email: string }) => email);

test("a dry run makes nothing and shows what would be made", async () => {
  const { test, token, send } = await start();
  const { json } = await send([HEAD, "Zoe,Zoe@csv.example,E-1,,Server,10 GB,2", "Adam,adam@csv.example"]);
  expect(json).toMatchObject({ isDryRun: true, read: 2, created: 2, failed: 0, errors: [] });
  expect(json.preview).toEqual([
    {
      ...{ row: 2, email: "Zoe@csv.example", name: "Zoe", externalId: "E-1", group: "Default", kind: "server" },
      ...{ limitBytes: 10_000_000_000, devices: { desktop: 0, server: 2 } },
    },
    {
      ...{ row: 3, email: "adam@csv.example", name: "Adam", externalId: null, group: "Default", kind: "desktop" },
      ...{ limitBytes: null, devices: { desktop: 1, server: 0 } },
    },
  ]);
  expect(await emails(test, token)).toEqual([]);
});

test("users of a file are made as their rows say, inactive until they choose a password", async () => {
  const { test, token, send } = await start();
  const { json } = await send([HEAD, "Zoe,Zoe@csv.example,E-1,,Server,10,2", "Adam,adam@csv.example"], {
    dryRun: "false",
  });
  expect(json).toMatchObject({ isDryRun: false, created: 2, failed: 0 });
  const { items } = (await test.call("listUsers", { token, query: { search: "e-1" } })).json;
  expect(items[0]).toMatchObject({
    ...{ email: "zoe@csv.example", name: "Zoe", kind: "server", state: "inactive", limitBytes: 10_000_000_000 },
    devices: { desktop: { used: 0, limit: 0 }, server: { used: 0, limit: 2 } },
  });
  expect(await emails(test, token)).toEqual(["adam@csv.example", "zoe@csv.example"]);
});

const MIXED = [
  HEAD,
  "Good,good@csv.example",
  "No mail,nonsense",
  ",empty@csv.example",
  "Twice,GOOD@csv.example",
  "Group,group@csv.example,,Nowhere",
  "Kind,kind@csv.example,,,Toaster",
  "Limit,limit@csv.example,,,,minus one",
  "Devices,devices@csv.example,,,,,1.5",
  "Also good,also@csv.example",
];
const WRONG = [
  [3, "Email", "request/malformed"],
  [4, "Username", "request/malformed"],
  [5, "Email", "account/exists"],
  [6, "User Group", "group/missing"],
  [7, "Type", "request/malformed"],
  [8, "Storage Limit", "request/malformed"],
  [9, "Devices", "request/malformed"],
];

test.each(["true", "false"])(
  "every wrong row is told with its number, its column and why (dry run: %s)",
  async (dryRun) => {
    const { test, token, send } = await start();
    const { json } = await send(MIXED, { dryRun, allOrNothing: "false" });
    expect(json.errors.map((each: Record<string, unknown>) => [each.row, each.column, each.code])).toEqual(WRONG);
    expect(json).toMatchObject({ read: 9, created: 2, failed: 7 });
    for (const { message } of json.errors) expect(message.length).toBeGreaterThan(10);
    expect(await emails(test, token)).toEqual(dryRun === "true" ? [] : ["also@csv.example", "good@csv.example"]);
  },
);

test("all or nothing makes none when one row is wrong", async () => {
  const { test, token, send } = await start();
  const { json } = await send(MIXED, { dryRun: "false" });
  expect(json).toMatchObject({ created: 0, failed: 7 });
  expect(await emails(test, token)).toEqual([]);
  const taken = [HEAD, "New,new@csv.example", `Taken,${test.first.user.email}`];
  expect((await send(taken, { dryRun: "false" })).json).toMatchObject({ created: 0, failed: 1 });
  expect(await emails(test, token)).toEqual([]);
});

test("the room of a group counts for all rows of a file together", async () => {
  const { test, send } = await start();
  const { records, newId } = test.service.domain;
  const [organization] = await records.organizations.list({ limit: 1 });
  const group = groupRow(newId(), organization?.id ?? "", { name: "Small" });
  await records.groups.insert(group);
  await records.pools.insert(poolRows(group.id, group.organization, { devices: 3 }));
  const rows = [HEAD, ...[1, 2, 3].map((at) => `u${at},u${at}@csv.example,,Small,Desktop,,2`)];
  const { json } = await send(rows, { dryRun: "true", allOrNothing: "false" });
  expect(json).toMatchObject({ created: 1, failed: 2 });
  expect(json.errors[0]).toMatchObject({ row: 3, column: "Devices", code: "device/none-free" });
});

test("a file that is none is refused as a whole", async () => {
  const { send } = await start();
  for (const file of [["Name,Mail", "a,b@csv.example"], [""], Buffer.from([0xff, 0x00, 0xfe])])
    expect((await send(file)).code).toBe("csv/malformed");
  const long = [HEAD, ...Array.from({ length: 10_001 }, (_, at) => `u${at},u${at}@csv.example`)];
  expect((await send(long)).code).toBe("csv/malformed");
});

test("instructions are mailed only when they are asked for, and only to users that were made", async () => {
  const { test, send } = await start();
  const mails = async () => (await test.service.domain.records.mails.list({ limit: 100 }, {})).length;
  const before = await mails();
  await send([HEAD, "Zoe,zoe@csv.example"], { dryRun: "true", sendInstructions: "true" });
  await send([HEAD, "Zoe,zoe@csv.example"], { dryRun: "false" });
  expect(await mails()).toBe(before);
  await send([HEAD, "Adam,adam@csv.example"], { dryRun: "false", sendInstructions: "true" });
  expect(await mails()).toBe(before + 1);
});
