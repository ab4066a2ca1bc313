import { expect, test } from "vitest";
import { keysAsCsv } from "./keys-as-csv.ts";

test("new keys are a file whose cells are no formulas", () => {
  const key = {
    id: "1",
    lastGroup: "DEFGH",
    kind: "desktop",
    state: "assigned",
    group: "g",
    user: { id: "u", email: "ann@acme.example" },
    machine: null,
    shown: { group: '=cmd("x")', machine: null },
    activatedAt: null,
    sentAt: null,
    version: 1,
    createdAt: "2026-11-22T10:00:00.000Z",
    productKey: "ABCDE-FGHJK-MNPQR-DEFGH",
  } as const;
  expect(keysAsCsv([key])).toBe(
    "\ufeffProduct Key,Type,State,User Group,User,Created\r\n" +
      'ABCDE-FGHJK-MNPQR-DEFGH,Desktop,Assigned,"\'=cmd(""x"")",ann@acme.example,2026-11-22\r\n',
  );
});
