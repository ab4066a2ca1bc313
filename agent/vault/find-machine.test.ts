import { expect, test } from "vitest";
import type { MachineItem } from "../../protocol/messages/lists.ts";
import { findMachine } from "./find-machine.ts";

const id = (letter: string): string => letter.repeat(32);

const machines = (...rows: readonly (readonly [letter: string, name: string, deletedAt?: string])[]) => ({
  async *machines() {
    for (const [letter, name, deletedAt = null] of rows) yield { id: id(letter), name, deletedAt } as MachineItem; // All that is looked at.
  },
});

test("a machine is meant by its id, by its name, by its name in small letters, or as the only one", async () => {
  const two = machines(["a", "Laptop"], ["b", "desk"], ["c", "laptop 2"]);
  expect(await findMachine(machines(), id("f"))).toBe(id("f"));
  expect(await findMachine(two, "laptop")).toBe(id("a"));
  expect(await findMachine(machines(["a", "Desk"], ["b", "desk"]), "desk")).toBe(id("b"));
  expect(await findMachine(machines(["a", "desk"], ["b", "desk", "2026-11-01T12:00:00.000Z"]), undefined)).toBe(
    id("a"),
  );
});

test("nobody guesses among several, and what is not there is said to be not there", async () => {
  const two = machines(["a", "desk"], ["b", "desk"]);
  await expect(findMachine(two, "desk")).rejects.toMatchObject({
    code: "machine/several",
    data: { machines: `desk (${id("a")}), desk (${id("b")})` },
  });
  await expect(findMachine(two, undefined)).rejects.toMatchObject({ code: "machine/several" });
  await expect(findMachine(two, "fridge")).rejects.toMatchObject({ code: "machine/unknown-name" });
});
