/** What is asked of one machine's space: its holds, its damage. */
import { expect, test } from "vitest";
import { makeOrganization } from "../support/organizations.ts";
import { addMachine, addUser } from "../support/people.ts";
import { startTestService } from "../support/test-service.ts";

test("holds that reach a machine are its own, its user's and its organization's, and no others", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const [ann, bob] = [await addUser(service, token, "ann"), await addUser(service, token, "bob")];
  const den = await addMachine(service, ann, { name: "den" });
  const loft = await addMachine(service, bob, { name: "loft" });
  const { organization } = (await service.service.domain.records.machines.find(den.id)) ?? {};
  const holds = [
    { machine: den.id, reason: "den" },
    { machine: loft.id, reason: "loft" },
    { user: ann.id, reason: "ann" },
    { user: bob.id, reason: "bob" },
    { organization, reason: "all" },
  ];
  for (const body of holds) expect((await service.call("createHold", { token, body })).status).toBe(200);
  const reasons = async (machine: string) =>
    (await service.call("listHolds", { token, query: { machine } })).json.items.map(
      ({ reason }: { reason: string }) => reason,
    );
  expect((await reasons(den.id)).toSorted()).toEqual(["all", "ann", "den"]);
  expect((await reasons(loft.id)).toSorted()).toEqual(["all", "bob", "loft"]);
});

test("another organization's machine has no holds and no damage to ask for", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const den = await addMachine(service, await addUser(service, token, "ann"));
  const other = await makeOrganization(service, { name: "other" });
  for (const name of ["listHolds", "listDamages"] as const)
    expect((await service.call(name, { token: other.admin.token, query: { machine: den.id } })).code).toBe(
      "machine/missing",
    );
});

test("what a deleted machine takes can still be looked at, until it is purged", async () => {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const den = await addMachine(service, await addUser(service, token, "ann"));
  await den.backUp();
  const [params, query] = [{ machine: den.id }, { machine: den.id }];
  await service.call("deleteMachine", { token, params });
  expect((await service.call("getSpace", { token, params })).json.snapshots).toEqual({ kept: 1, pruned: 0 });
  expect((await service.call("listDamages", { token, query })).json.items).toEqual([]);
  const { name } = (await service.call("getMachine", { token, params })).json;
  await service.call("purgeMachine", { token, params, body: { confirm: name } });
  expect((await service.call("getSpace", { token, params })).code).toBe("machine/missing");
});
