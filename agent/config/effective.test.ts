import fc from "fast-check";
import { expect, test } from "vitest";
import { type EffectiveSettings, POLICY_SETTINGS, policyLevel } from "../../protocol/messages/policies.ts";
import { DEFAULT_SETTINGS, type Settings } from "../settings.ts";
import { effectiveConfig, NO_POLICY } from "./effective.ts";

const settings: Settings = {
  ...DEFAULT_SETTINGS,
  roots: [],
  excludes: [],
  service: { url: "http://127.0.0.1:8470" },
  machine: "00112233445566778899aabbccddeeff",
  name: "desk",
};
const setNamed = (name: string, root = "/home") => {
  const [set] = POLICY_SETTINGS.backupSets.parse([{ name, roots: [root] }]);
  if (!set) throw new Error("no set");
  return set;
};
const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "default"), { maxLength: 4 });
const levels = fc.constantFrom(...policyLevel.options);
const held = <Value>(value: fc.Arbitrary<Value>) => fc.record({ value, locked: fc.boolean(), level: levels });
const policies: fc.Arbitrary<EffectiveSettings> = fc.record({
  backupSets: held(names.map((each) => each.map((name) => setNamed(name, "/told")))),
  schedules: held(fc.constant([{ type: "Manual" as const }])),
  bandwidth: held(fc.constant({ hours: [], uploadBytesPerSecond: 5000, downloadBytesPerSecond: null })),
  keyKinds: held(fc.constant(["custom" as const])),
  warningDays: held(fc.integer({ min: 1, max: 365 })),
  locations: held(fc.constantFrom("local-and-cloud" as const, "cloud-only" as const)),
  webRestore: held(fc.boolean()),
  agentVersion: held(fc.record({ autoUpdate: fc.boolean(), minimum: fc.constant(null), pinned: fc.constant("1.2") })),
});
const own: fc.Arbitrary<Settings> = fc
  .record(
    {
      roots: fc.subarray(["/own"]),
      excludes: fc.subarray(["*.iso"]),
      oneFileSystem: fc.boolean(),
      sets: names.map((each) => each.map((name) => setNamed(name, "/own"))),
      schedules: fc.integer({ min: 1, max: 9 }).map((quietSeconds) => [{ type: "Continuous" as const, quietSeconds }]),
      bandwidth: fc
        .integer({ min: 1024 })
        .map((uploadBytesPerSecond) => ({ hours: [], uploadBytesPerSecond, downloadBytesPerSecond: null })),
      warningDays: fc.integer({ min: 1, max: 365 }),
      locations: fc.constantFrom("local-and-cloud" as const, "cloud-only" as const),
      autoUpdate: fc.boolean(),
      local: fc.constant({ folder: "/mnt/disk", capBytes: null, keep: "3-months" as const }),
    },
    { requiredKeys: ["roots", "excludes", "oneFileSystem"] },
  )
  .map((said) => ({ ...settings, ...said }));

test("what is locked is the policy's to the letter, whatever the machine says; its level is named", () => {
  fc.assert(
    fc.property(own, policies, (said, policy) => {
      const config = effectiveConfig(said, policy);
      for (const name of ["schedules", "bandwidth", "keyKinds", "warningDays", "locations", "webRestore"] as const) {
        if (!policy[name].locked) continue;
        const { value, level: origin } = policy[name];
        expect(config[name]).toEqual({ value, origin, locked: true });
      }
      if (policy.agentVersion.locked) expect(config.autoUpdate.value).toBe(policy.agentVersion.value.autoUpdate);
      if (policy.backupSets.locked) {
        expect(config.backupSets.value.map(({ origin, ...set }) => set)).toEqual(policy.backupSets.value);
        expect([config.excludes.value, config.oneFileSystem.value]).toEqual([[], false]);
      }
    }),
  );
});

test("of what is not locked the machine's own word counts, then the policy's", () => {
  fc.assert(
    fc.property(own, policies, (said, policy) => {
      const config = effectiveConfig(said, policy);
      for (const name of ["schedules", "bandwidth", "warningDays", "locations"] as const) {
        if (policy[name].locked) continue;
        const local = said[name];
        const expected = local === undefined ? [policy[name].value, policy[name].level] : [local, "local"];
        expect([config[name].value, config[name].origin]).toEqual(expected);
      }
    }),
  );
});

test("unlocked sets are both sides' together: nothing that either names goes missing but what a named set of the machine replaces", () => {
  fc.assert(
    fc.property(own, policies, (said, policy) => {
      fc.pre(!policy.backupSets.locked);
      const { value } = effectiveConfig(said, policy).backupSets;
      const local = value.filter(({ origin }) => origin === "local").map(({ name }) => name);
      const ownNames = (said.sets ?? []).map(({ name }) => name);
      expect(local).toEqual([...(said.roots.length > 0 ? ["default"] : []), ...ownNames]);
      const told = value.filter(({ roots }) => roots[0] === "/told").map(({ name }) => name);
      expect(told).toEqual(policy.backupSets.value.map(({ name }) => name).filter((name) => !ownNames.includes(name)));
    }),
  );
});

test("before the service has been heard, defaults and the machine's own settings hold", () => {
  const config = effectiveConfig({ ...settings, roots: ["/home"], uploadLimit: "2M" });
  expect(config.backupSets).toMatchObject({ value: [{ name: "default", roots: ["/home"] }], origin: "local" });
  expect(config.warningDays).toEqual({ value: 3, origin: "default", locked: false });
  expect([config.uploadLimit.value, config.downloadLimit.value]).toEqual([2 * 2 ** 20, Number.POSITIVE_INFINITY]);
  expect(config.conditions.value.onBattery).toBe("run");
});

test("where locations are cloud-only there is no local copy, and the config says by whose word", () => {
  const local = { folder: "/mnt/disk", capBytes: null, keep: "3-months" } as const;
  const locations = { value: "cloud-only", locked: true, level: "organization" } as const;
  expect(effectiveConfig({ ...settings, local }).local.value).toEqual(local);
  expect(effectiveConfig({ ...settings, local }, { ...NO_POLICY, locations }).local).toEqual({
    value: undefined,
    origin: "organization",
    locked: true,
  });
});
