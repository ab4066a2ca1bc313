import { expect, test } from "vitest";
import { HoldfastError } from "./errors.ts";

test("a sentence names sizes as people read them, and counts of devices as they are", () => {
  const range = { minimum: 5_000_000_000, maximum: 50_000_000_000, above: "group Sales" };
  const { message } = new HoldfastError("limit/out-of-range", { ...range, field: "limitBytes" });
  expect(message).toBe("The limit must be between 5 GB and 50 GB (group Sales).");
  const open = new HoldfastError("limit/out-of-range", { ...range, maximum: Number.MAX_SAFE_INTEGER });
  expect(open.message).toContain("between 5 GB and any size");
  const count = new HoldfastError("limit/out-of-range", { ...range, minimum: 2, maximum: 3, field: "desktopDevices" });
  expect(count.message).toContain("between 2 and 3");
});
