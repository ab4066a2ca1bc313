import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HoldfastError } from "../../../protocol/errors.ts";
import { steeredClock } from "../../../test/support/steered-clock.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { sqliteRecords } from "../../records/sql/sql-records.ts";
import { lockouts } from "../access/lockouts.ts";
import { guardKey } from "./key-attempts.ts";

function door() {
  const records = sqliteRecords(join(tempFolder(), "test.db"));
  onTestFinished(() => records.close());
  const clock = steeredClock();
  const locks = lockouts(clock, records);
  /** What comes of a try that ends with this error, or well. */
  const attempt = (productKey: string, address: string, error?: "product-key/unknown" | "product-key/used") =>
    guardKey(locks, { productKey, address }, async () => {
      if (error !== undefined) throw new HoldfastError(error);
      return "done";
    }).catch((thrown: unknown) => (thrown instanceof HoldfastError ? thrown.code : "bug"));
  return { clock, attempt };
}

test("five keys that don't exist lock the place they were tried from, not another", async () => {
  const { clock, attempt } = door();
  for (const key of ["A", "B", "C", "D", "E"])
    expect(await attempt(key, "10.0.0.1", "product-key/unknown")).toBe("product-key/unknown");
  expect(await attempt("GOOD", "10.0.0.1")).toBe("login/locked");
  expect(await attempt("GOOD", "10.0.0.2")).toBe("done");
  clock.advance(60_000);
  expect(await attempt("GOOD", "10.0.0.1")).toBe("done");
});

test("a key that somebody else uses is locked after five tries, however it is written; the place is not", async () => {
  const { attempt } = door();
  const writings = ["ab-cd", "ABCD", "ab cd", "AB-CD", "abcd"];
  for (const [index, key] of writings.entries())
    expect(await attempt(key, `10.0.0.${index}`, "product-key/used")).toBe("product-key/used");
  expect(await attempt("ab-CD", "10.0.0.9", "product-key/used")).toBe("login/locked");
  expect(await attempt("other", "10.0.0.0")).toBe("done");
});

test("tries that end otherwise cost nothing", async () => {
  const { attempt } = door();
  for (let count = 0; count < 10; count++) expect(await attempt("GOOD", "10.0.0.1")).toBe("done");
});
