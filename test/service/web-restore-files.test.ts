import { expect, test } from "vitest";
import { backedUpMachine, openWebRestore } from "../support/backed-up-machine.ts";
import { noise } from "../support/entries-to-store.ts";
import { makeAdmin, makeRole } from "../support/logged-in.ts";
import { startTestService } from "../support/test-service.ts";

const PNG = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), noise(5000, 1)]);

test("text and pictures are shown in place, and nothing that could run", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  const files: Readonly<Record<string, [Buffer, string | undefined]>> = {
    "letter.txt": [Buffer.from("dear reader, käse\n"), "text/plain; charset=utf-8"],
    "page.html": [Buffer.from("<script>alert(1)</script>"), "text/plain; charset=utf-8"],
    "drawing.svg": [Buffer.from("<svg onload='alert(1)'/>"), "text/plain; charset=utf-8"],
    empty: [Buffer.alloc(0), "text/plain; charset=utf-8"],
    "lies.txt": [PNG, "image/png"],
    "photo.jpg": [Buffer.from("\xff\xd8\xff\xe0 and so on", "latin1"), "image/jpeg"],
    "moving.gif": [Buffer.from("GIF89a..."), "image/gif"],
    "small.webp": [Buffer.from("RIFF\x10\0\0\0WEBPVP8 ", "latin1"), "image/webp"],
    "program.exe": [Buffer.concat([Buffer.from("MZ\0\0"), noise(100, 2)]), undefined],
    "latin1.txt": [Buffer.from("k\xe4se", "latin1"), undefined],
  };
  for (const [name, [content]] of Object.entries(files)) machine.write(name, content);
  const snapshot = await machine.backUp();
  const web = await openWebRestore(service, machine.id);
  for (const [name, [content, type]] of Object.entries(files)) {
    const shown = await web.file({ snapshot, path: machine.path(name), as: "view" });
    if (type === undefined) {
      expect([name, shown.code]).toEqual([name, "restore/not-viewable"]);
      continue;
    }
    expect([name, shown.status, shown.headers.get("content-type")]).toEqual([name, 200, type]);
    expect(shown.bytes.equals(content), name).toBe(true);
    expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
    expect(shown.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
    expect(shown.headers.get("content-disposition")).toMatch(/^inline; /);
  }
});

test("of a long text the beginning is shown, and told that there is more", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  const text = Buffer.from("ä".repeat(1_000_000));
  machine.write("long.txt", text);
  const snapshot = await machine.backUp();
  const web = await openWebRestore(service, machine.id);
  const shown = await web.file({ snapshot, path: machine.path("long.txt"), as: "view", max: 1001 });
  expect(shown.bytes.equals(text.subarray(0, 1001))).toBe(true);
  expect(shown.headers.get("x-holdfast-cut")).toBe("2000000");
});

test("a file is downloaded whole or in ranges, under its own name", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  const content = noise(9_000_000, 3);
  machine.write('odd "name"; käse.bin', content);
  const snapshot = await machine.backUp();
  const web = await openWebRestore(service, machine.id);
  const query = { snapshot, path: machine.path('odd "name"; käse.bin') };
  const whole = await web.file(query);
  expect(whole.bytes.equals(content)).toBe(true);
  expect(whole.headers.get("content-length")).toBe("9000000");
  expect(whole.headers.get("content-disposition")).toBe(
    `attachment; filename="odd _name_; k_se.bin"; filename*=UTF-8''odd%20%22name%22%3B%20k%C3%A4se.bin`,
  );
  const part = await web.file(query, { range: "bytes=4194000-8400000" });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 4194000-8400000/9000000"]);
  expect(part.bytes.equals(content.subarray(4_194_000, 8_400_001))).toBe(true);
  expect((await web.file({ ...query, path: machine.path("nothing") })).code).toBe("entry/missing");
  expect((await web.file({ ...query, path: machine.path() })).code).toBe("entry/missing");
  expect((await web.file({ ...query, path: "/../etc" })).code).toBe("request/malformed");
});

test("a machine with its own passphrase is not opened in the service: what to run there is told", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service, { passphrase: "correct horse battery" });
  const token = await service.logIn();
  const refused = await service.call("openWebRestore", { token, params: { machine: machine.id }, body: {} });
  expect([refused.status, refused.code]).toEqual([403, "restore/key-is-yours"]);
  expect(refused.json.error.hint).toContain("holdfast restore");
});

test("an admin opens others' backups with the capability, and nobody in somebody else's name", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("a", "a");
  await machine.backUp();
  const admin = await service.logIn("admin");
  const params = { machine: machine.id };
  const open = (token: string) => service.call("openWebRestore", { token, params, body: {} });
  expect((await open(admin)).status).toBe(200);
  const viewer = await makeRole(service, admin, { name: "viewer", capabilities: ["machines.view"] });
  const looker = await makeAdmin(service, admin, { email: "looker@example.com", role: viewer });
  expect((await open(looker.token)).code).toBe("role/not-allowed");
  const [user] = (await service.call("listUsers", { token: admin })).json.items;
  const organization = (await service.call("ownOrganization", { token: admin })).json.id;
  await service.service.domain.records.organizations.change(organization, { subdomain: "acme" });
  const acting = await service.call("actAs", { token: admin, params: { user: user.id } });
  expect((await open(acting.json.token)).code).toBe("role/not-allowed");
});

test("rights that end and restores that were turned off end what is open", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("a", "a");
  await machine.backUp();
  const admin = await service.logIn("admin");
  const role = await makeRole(service, admin, { capabilities: ["machines.view", "restores.create"] });
  const helper = await makeAdmin(service, admin, { email: "helper@example.com", role });
  const web = await openWebRestore(service, machine.id, helper.token);
  expect((await web.call("listEntries", {})).status).toBe(200);
  await service.call("changeRole", { token: admin, params: { role }, body: { capabilities: ["machines.view"] } });
  expect((await web.call("listEntries", {})).code).toBe("role/not-allowed");
  const own = await openWebRestore(service, machine.id);
  const body = { settings: { webRestore: { value: false } } };
  await service.call("putMachinePolicy", { token: admin, params: { machine: machine.id }, body });
  expect((await own.call("listEntries", {})).code).toBe("restore/web-off");
});

test("a restore in the browser that was closed is over, and its row says Completed", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("a", "a");
  await machine.backUp();
  const web = await openWebRestore(service, machine.id);
  const token = await service.logIn();
  expect((await service.call("closeWebRestore", { token, params: { webRestore: web.id } })).status).toBe(200);
  expect((await web.call("listEntries", {})).code).toBe("restore/ended");
  const [row] = (await service.call("listRestores", { token, params: { machine: machine.id } })).json.items;
  expect(row).toMatchObject({ source: "web", purpose: "browse", status: "completed" });
});

test("a backup that comes while somebody looks is there at once", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("a", "a");
  await machine.backUp();
  const web = await openWebRestore(service, machine.id);
  const names = async () =>
    (await web.call("listEntries", { folder: machine.path() })).json.items.map(({ name }: { name: string }) => name);
  expect(await names()).toEqual(["a"]);
  machine.write("b", "b");
  await machine.backUp({ hours: 1 });
  expect(await names()).toEqual(["a", "b"]);
});
