import { expect, test } from "vitest";
import { findOnDisk } from "../disk/found.ts";
import { makeCell } from "./cell.ts";
import { LinkedCells } from "./linked-cells.ts";

test("all names of a file lead to its first cell, and it is forgotten after the last of them", () => {
  const found = findOnDisk(Buffer.from("usr"));
  if (!found) return; // Not a system with that folder.
  const cells = Array.from({ length: 3 }, () => makeCell({ ...found, nlink: 3 }, undefined));
  const linked = new LinkedCells();
  const group = Buffer.from("group");
  expect(cells.map((cell) => linked.findFirst(group, cell))).toEqual([undefined, cells[0], cells[0]]);
  expect(linked.size).toBe(0);
});
