import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tempFolder } from "../test/support/temp-folder.ts";
import { mayRunOrder, type RulingFacts, realPlace } from "./order-ruling.ts";

const same = (path: string): string => path;
const facts: RulingFacts = {
  approved: ["/srv/restores", "/home/anna/files"],
  isDefaultKey: true,
  dataFolder: "/home/anna/files/.holdfast",
  real: same,
};

type Order = Parameters<typeof mayRunOrder>[0];
const into = (path: string, more: Partial<Order> = {}): Order => ({
  target: { kind: "folder", path },
  paths: ["/"],
  existing: "rename",
  ...more,
});
const back = (...paths: string[]): Order => ({ target: { kind: "original" }, paths, existing: "keep" });

test.each([
  ["the approved folder itself", into("/srv/restores"), "/srv/restores", ""],
  ["one below it", into("/srv/restores/a/b/"), "/srv/restores", "a/b"],
  ["where it was, within", back("/home/anna/files/a", "/srv/restores"), "/", ""],
])("an order to %s may run", (_, order, folder, below) => {
  expect(mayRunOrder(order, facts)).toMatchObject({ may: true, folder, below: Buffer.from(below) });
});

test.each([
  ["beside it", into("/srv/restores2"), "not-approved"],
  ["above it", into("/srv"), "not-approved"],
  ["outside by dots", into("/srv/restores/../../etc"), "not-approved"],
  ["somewhere below wherever it runs", into("restores"), "not-approved"],
  ["a name with a zero in it", into("/srv/restores/\0/etc"), "not-approved"],
  ["the agent's own folder", into("/home/anna/files/.holdfast/keys"), "not-approved"],
  ["where it was, in part outside", back("/home/anna/files/a", "/etc/cron.d/x"), "not-approved"],
  ["where everything was", back("/"), "not-approved"],
  ["where a name was that is not UTF-8", back("/srv/restores/%FF"), "not-approved"],
  ["what it replaces", into("/srv/restores", { existing: "overwrite" }), "replaces"],
])("an order to %s waits", (_, order, because) => {
  expect(mayRunOrder(order, facts)).toEqual({ may: false, because });
});

test("without an approved folder, or with a key that the service has not, nothing runs", () => {
  const order = into("/srv/restores");
  expect(mayRunOrder(order, { ...facts, approved: [] })).toMatchObject({ because: "nothing-approved" });
  expect(mayRunOrder(order, { ...facts, isDefaultKey: false })).toMatchObject({ because: "own-key" });
  expect(mayRunOrder(order, { ...facts, approved: ["relative", "/srv/../srv/restores"] }).may).toBe(false);
  // Nobody can approve the whole computer, also not by writing settings.json by hand.
  expect(mayRunOrder(order, { ...facts, approved: ["/"] }).may).toBe(false);
});

test("whatever a path is made of, what may run comes below an approved folder", () => {
  const part = fc.constantFrom("..", ".", "", "srv", "restores", "etc", "a", "home", "anna", "files", ".holdfast");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const ruling = mayRunOrder(into(`/${parts.join("/")}`), facts);
      if (!ruling.may) return;
      const names = ruling.below.toString().split("/");
      expect(facts.approved).toContain(ruling.folder);
      expect(names).not.toContain("..");
      expect(join(ruling.folder, ...names)).not.toContain(facts.dataFolder);
    }),
    { numRuns: 2000 },
  );
});

test("links are followed before it is judged where a folder lies", () => {
  const top = tempFolder();
  const [approved, outside] = [join(top, "approved"), join(top, "outside")];
  for (const folder of [approved, outside]) mkdirSync(folder);
  symlinkSync(outside, join(approved, "out"));
  symlinkSync(join(top, "nowhere"), join(approved, "dangling"));
  symlinkSync(approved, join(top, "in"));
  const rule = (path: string) =>
    mayRunOrder(into(join(top, path)), { ...facts, approved: [approved], dataFolder: "/data", real: realPlace });
  expect(rule("approved/out/x")).toMatchObject({ may: false });
  expect(rule("approved/dangling/x")).toMatchObject({ may: false });
  expect(rule("approved/new/x")).toMatchObject({ may: true, folder: approved, below: Buffer.from("new/x") });
  expect(rule("in/new")).toMatchObject({ may: true, folder: approved, below: Buffer.from("new") });
  const original = { ...facts, approved: [approved], real: realPlace };
  expect(mayRunOrder(back(join(top, "in", "x")), original)).toMatchObject({ may: false });
});

test("an approved folder that was replaced by a link approves nothing any more", () => {
  const top = tempFolder();
  const [approved, outside] = [join(top, "approved"), join(top, "outside")];
  mkdirSync(outside);
  symlinkSync(outside, approved);
  const now = { ...facts, approved: [approved], real: realPlace };
  for (const order of [into(approved), into(outside), back(join(outside, "x"))])
    expect(mayRunOrder(order, now)).toEqual({ may: false, because: "not-approved" });
});
