import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { groupListName } from "./list-keys.ts";

/** They write only what no list is filtered or searched by. */
const EXCEPT = ["list-keys.ts", "quota.ts"];

test("whoever writes users, machines or groups keeps what lists go by in line with them", () => {
  const writers = globSync("*.ts", { cwd: import.meta.dirname }).filter((file) => {
    const text = readFileSync(join(import.meta.dirname, file), "utf8");
    return /(updateTable|insertInto)\("(accounts|machines|userGroups)"\)/.test(text) && !EXCEPT.includes(file);
  });
  expect(writers.length).toBeGreaterThan(3);
  for (const file of writers)
    expect(readFileSync(join(import.meta.dirname, file), "utf8"), file).toContain('from "./list-keys.ts"');
});

test("a default group is sorted as it is shown", () => {
  expect(groupListName({ name: "Zebra", isDefault: 1 })).toBe("(default user group)");
  expect(groupListName({ name: "Zebra", isDefault: 0 })).toBe("zebra");
});
