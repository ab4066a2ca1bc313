import { expect, test } from "vitest";
import { numberedPageOf, pageOf } from "./pages.ts";

const id = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const rows = [3, 2, 1].map((number) => ({ id: id(number), number }));

test("pages follow one another until there is no more, whatever the limit", async () => {
  for (const limit of [1, 2, 3, 4]) {
    const seen: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const list = async ({ limit: most, after }: { limit: number; after?: string | undefined }) =>
        rows.filter((row) => after === undefined || row.id < after).slice(0, most);
      const page = await pageOf({ limit, cursor }, list, (row) => row.number);
      seen.push(...page.items);
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(seen).toEqual([3, 2, 1]);
  }
});

test("a cursor that no page gave is refused before anything is looked up", async () => {
  const never = () => Promise.reject(new Error("it was looked up"));
  const refusal = expect.objectContaining({
    code: "request/malformed",
    data: expect.objectContaining({ field: "cursor" }),
  });
  for (const cursor of ["", "x", "1' OR 1=1", "9".repeat(200), `${id(1)}\n`])
    await expect(pageOf({ limit: 1, cursor }, never, String)).rejects.toEqual(refusal);
  for (const cursor of ["", "x", "1e3", "-1", " 1", "0x10", "9".repeat(16)])
    await expect(numberedPageOf({ limit: 1, cursor }, never, Number, String)).rejects.toEqual(refusal);
});
