import { describe, expect, test } from "vitest";
import type { Records } from "../../server-mock/records/records.ts";

export function rememberedCallsConformance(name: string, make: () => Promise<Records>): void {
  describe(`${name} remembers calls`, () => {
    const row = (key: string, startedAt = 1) => ({
      account: "a",
      key,
      digest: Buffer.from("d"),
      startedAt,
      status: null,
      answer: null,
    });

    test("a name is taken once; another account's is another", async () => {
      const { rememberedCalls } = await make();
      expect(await rememberedCalls.insert(row("k"))).toBe(true);
      expect(await rememberedCalls.insert({ ...row("k"), startedAt: 2 })).toBe(false);
      expect(await rememberedCalls.insert({ ...row("k"), account: "b" })).toBe(true);
      expect(await rememberedCalls.find("a", "k")).toMatchObject({ startedAt: 1, status: null, answer: null });
    });

    test("an answer is kept until it is old", async () => {
      const { rememberedCalls } = await make();
      await rememberedCalls.insert(row("k", 5));
      await rememberedCalls.finish("a", "k", { status: 201, answer: Buffer.from("x") });
      const found = await rememberedCalls.find("a", "k");
      expect([found?.status, Buffer.from(found?.answer ?? []).toString()]).toEqual([201, "x"]);
      await rememberedCalls.removeBefore(5);
      expect(await rememberedCalls.find("a", "k")).toBeDefined();
      await rememberedCalls.removeBefore(6);
      expect(await rememberedCalls.find("a", "k")).toBeUndefined();
    });

    test("a name that was given up is free again", async () => {
      const { rememberedCalls } = await make();
      await rememberedCalls.insert(row("k"));
      await rememberedCalls.remove("a", "k");
      expect(await rememberedCalls.insert(row("k"))).toBe(true);
    });
  });
}
