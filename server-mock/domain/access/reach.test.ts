import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ORGANIZATION_CAPABILITIES } from "../../../protocol/capabilities.ts";
import { accountRow, organizationRow } from "../../../test/support/rows.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import type { Records } from "../../records/records.ts";
import { sqliteRecords } from "../../records/sql/sql-records.ts";
import { excessOf, type Reach, reachOf, reachOfRole } from "./reach.ts";

const SOME = ORGANIZATION_CAPABILITIES.slice(0, 5);
const PEOPLE = 5;

/** Each admin's role and each role's maker by number; one beyond the last: none. */
const anyone = fc.record({
  roleOf: fc.array(fc.nat(PEOPLE), { minLength: PEOPLE, maxLength: PEOPLE }),
  makerOf: fc.array(fc.nat(PEOPLE), { minLength: PEOPLE, maxLength: PEOPLE }),
  capabilities: fc.array(fc.subarray([...SOME]), { minLength: PEOPLE, maxLength: PEOPLE }),
  groups: fc.array(fc.option(fc.subarray(["g1", "g2", "g3"])), { minLength: PEOPLE, maxLength: PEOPLE }),
});
type World = typeof anyone extends fc.Arbitrary<infer T> ? T : never;

async function fill(records: Records, { roleOf, makerOf, capabilities, groups }: World): Promise<void> {
  await records.organizations.insert(organizationRow("o1"));
  for (let each = 0; each < PEOPLE; each++) {
    const [role = PEOPLE, maker = PEOPLE] = [roleOf[each], makerOf[each]];
    const roleId = role === PEOPLE ? null : `r${role}`;
    await records.accounts.insert(accountRow(`a${each}`, { role: "admin", roleId }));
    const scope = groups[each] ?? null;
    await records.roles.insert({
      id: `r${each}`,
      organization: "o1",
      name: `r${each}`,
      capabilities: JSON.stringify(capabilities[each]),
      scopeGroups: scope === null ? null : JSON.stringify(scope),
      madeBy: maker === PEOPLE ? null : `a${maker}`,
      version: 1,
      createdAt: 1,
    });
  }
}

test("whoever made whom, a role gives what it says and its maker has, and no more", async () => {
  await fc.assert(
    fc.asyncProperty(anyone, async (world) => {
      const records = sqliteRecords(join(tempFolder(), "test.db"));
      try {
        await fill(records, world);
        for (let each = 0; each < PEOPLE; each++) {
          const role = await records.roles.find(`r${each}`);
          if (role === undefined) throw new Error("no role");
          const reach = await reachOfRole(records, role);
          const said: Reach = { capabilities: world.capabilities[each] ?? [], groups: world.groups[each] ?? null };
          const maker = role.madeBy === null ? undefined : await records.accounts.find(role.madeBy);
          const bound = maker === undefined ? said : await reachOf(records, maker);
          expect(excessOf(reach, said)).toEqual([]);
          expect(excessOf(reach, bound)).toEqual([]);
          const both = said.capabilities.filter((capability) => bound.capabilities.includes(capability));
          expect([...reach.capabilities].sort()).toEqual([...both].sort());
        }
      } finally {
        await records.close();
      }
    }),
    { numRuns: 25 },
  );
});

test("a role that was removed gives nothing", async () => {
  const records = sqliteRecords(join(tempFolder(), "test.db"));
  await records.organizations.insert(organizationRow("o1"));
  const admin = accountRow("a", { role: "admin", roleId: "gone" });
  expect(await reachOf(records, admin)).toEqual({ capabilities: [], groups: [] });
  await records.close();
});
