import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { machineFacts, makeVault, registerMachine, vaultPublic } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

/** Tries to register; `facts` and `vault` may be spoiled. */
async function attempt(
  service: TestService,
  who: { productKey?: string; login?: object },
  more: { facts?: object; vault?: Record<string, unknown> } = {},
) {
  const vault = await vaultPublic(service, makeVault(), more.vault ?? {});
  return await service.call("register", { body: { ...who, machine: machineFacts({ ...more.facts }), vault } });
}

test("a product key works as people type it", async () => {
  const service = await startTestService();
  const typed = ` ${service.first.productKeys.desktop.toLowerCase().replaceAll("-", " ")}`;
  expect((await attempt(service, { productKey: typed })).status).toBe(200);
});

test("each reason to refuse a product key has its own code", async () => {
  const service = await startTestService();
  const admin = await service.logIn("admin");
  const { desktop, server } = service.first.productKeys;
  const codeOf = async (productKey: string, facts: object = {}) =>
    (await attempt(service, { productKey }, { facts })).code;

  expect(await codeOf("AAAAA-BBBBB-CCCCC-DDDDD")).toBe("product-key/unknown");
  expect(await codeOf("not a key")).toBe("product-key/unknown");
  expect(await codeOf(desktop, { kind: "server" })).toBe("product-key/wrong-type");
  const fingerprint = randomBytes(32).toString("hex");
  const first = await attempt(service, { productKey: desktop }, { facts: { fingerprint } });
  expect(first.status).toBe(200);
  expect(await codeOf(desktop)).toBe("product-key/used");
  const again = await attempt(service, { productKey: desktop }, { facts: { fingerprint } });
  expect([again.code, again.json.error.data.machine]).toEqual(["machine/known", first.json.machine]);

  const { items } = (await service.call("listProductKeys", { token: admin })).json;
  const unused = items.find((key: { kind: string }) => key.kind === "server");
  await service.call("revokeProductKey", { token: admin, params: { key: unused.id } });
  expect(await codeOf(server, { kind: "server" })).toBe("product-key/revoked");
  const used = items.find((key: { kind: string }) => key.kind === "desktop");
  expect((await service.call("revokeProductKey", { token: admin, params: { key: used.id } })).code).toBe(
    "product-key/in-use",
  );
});

test("a user registers without a key, with e-mail and password, and is known the second time", async () => {
  const service = await startTestService();
  const facts = { fingerprint: randomBytes(32).toString("hex"), kind: "server" };
  const login = { email: service.first.user.email.toUpperCase(), password: service.first.user.password };
  const first = await attempt(service, { login }, { facts });
  expect(first.json).toMatchObject({ user: service.first.user.email, organization: "Home" });
  const again = await attempt(service, { login }, { facts });
  expect([again.code, again.json.error.data.machine]).toEqual(["machine/known", first.json.machine]);
  expect((await attempt(service, { login: { ...login, password: "wrong" } })).code).toBe("login/wrong");
  expect((await attempt(service, {})).code).toBe("request/malformed");
});

test("no more devices of a kind than the user may have, however many try at once", async () => {
  const service = await startTestService();
  const admin = await service.logIn("admin");
  const [user] = (await service.call("listUsers", { token: admin })).json.items;
  await service.call("changeUser", { token: admin, params: { user: user.id }, body: { desktopDevices: 2 } });
  const body = { user: user.id, kind: "desktop", count: 5 };
  const { keys } = (await service.call("createProductKeys", { token: admin, body })).json;
  const answers = await Promise.all(
    keys.map(({ productKey }: { productKey: string }) => attempt(service, { productKey })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  const refused = answers.find(({ status }) => status !== 200);
  expect([refused?.code, refused?.json.error.data]).toEqual(["device/limit", { device: "desktop", used: 2, limit: 2 }]);
});

test("one key never activates two machines, however many try at once", async () => {
  const service = await startTestService();
  const { desktop } = service.first.productKeys;
  const answers = await Promise.all([1, 2, 3, 4].map(() => attempt(service, { productKey: desktop })));
  expect(answers.map(({ code }) => code ?? "").toSorted()).toEqual(["", ...Array(3).fill("product-key/used")]);
});

test("a suspended user activates nothing, and what was refused leaves nothing", async () => {
  const service = await startTestService();
  const admin = await service.logIn("admin");
  const [user] = (await service.call("listUsers", { token: admin })).json.items;
  await service.call("changeUser", { token: admin, params: { user: user.id }, body: { state: "suspended" } });
  expect((await attempt(service, { productKey: service.first.productKeys.desktop })).code).toBe("account/suspended");
  expect((await service.call("listMachines", { token: admin })).json.items).toEqual([]);
  const [key] = (await service.call("listProductKeys", { token: admin })).json.items;
  expect(key.state).toBe("assigned");
});

test("guessing product keys locks the address for a while", async () => {
  const service = await startTestService();
  const guess = () => attempt(service, { productKey: "AAAAA-BBBBB-CCCCC-DDDDD" });
  for (let count = 0; count < 5; count++) expect((await guess()).code).toBe("product-key/unknown");
  const locked = await attempt(service, { productKey: service.first.productKeys.desktop });
  expect([locked.status, locked.code, locked.json.error.data.seconds]).toEqual([429, "login/locked", 60]);
  service.clock.advance(60_000);
  expect((await attempt(service, { productKey: service.first.productKeys.desktop })).status).toBe(200);
});

test("a default wrap that the service could not open later is refused at once", async () => {
  const service = await startTestService();
  const { kek } = (await service.call("service")).json;
  const base64 = (length: number) => randomBytes(length).toString("base64");
  const wraps = [
    { kind: "default", kek: kek.id, enc: base64(32), ciphertext: base64(48) },
    { kind: "default", kek: "0".repeat(32), enc: base64(32), ciphertext: base64(48) },
  ];
  for (const wrap of wraps) {
    const refused = await attempt(service, { productKey: service.first.productKeys.desktop }, { vault: { wrap } });
    expect([refused.code, refused.json.error.data.field]).toEqual(["request/malformed", "vault.wrap"]);
  }
  const other = { readKey: base64(32) };
  expect((await attempt(service, { productKey: service.first.productKeys.desktop }, { vault: other })).code).toBe(
    "request/malformed",
  );
});

test("a vault id is taken once", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const vault = await vaultPublic(service, machine.vault);
  const body = { productKey: service.first.productKeys.server, machine: machineFacts({ kind: "server" }), vault };
  expect((await service.call("register", { body })).code).toBe("vault/exists");
});

test("a machine that lost its keys gets new ones from its user, and the old ones end", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const { pages } = await machine.backUp();
  await machine.open();
  const signer = makeVault();
  const token = await service.logIn();
  const body = {
    machine: machine.id,
    facts: machineFacts({ name: "den again" }),
    signer: signer.signer.publicKey.toString("base64"),
    signerProof: signer.signerProof.toString("base64"),
  };
  const recovered = await service.call("recover", { token, body });
  expect(recovered.json.machine).toBe(machine.id);
  expect((await machine.open()).code).toBe("token/invalid");

  machine.token = recovered.json.token;
  const root = pages.chunks[0] as Buffer;
  expect((await machine.commit(machine.record(root))).code).toBe("session/expired");
  await machine.open();
  expect(machine.session.sequence).toBe(2);
  expect((await machine.commit(machine.record(root))).code).toBe("snapshot/malformed");
  const vault = { ...machine.vault, signer: signer.signer, signerProof: signer.signerProof };
  Object.assign(machine.vault, vault);
  expect((await machine.commit(machine.record(root))).status).toBe(200);
  expect((await service.call("ownMachine", { token: machine.token })).json.name).toBe("den again");
  expect((await service.call("recover", { token, body: { ...body, machine: "0".repeat(32) } })).code).toBe(
    "machine/missing",
  );
});
