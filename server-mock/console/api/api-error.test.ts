import { expect, test } from "vitest";
import { ApiError, refusalsOf } from "./api-error.ts";

const refused = (data: Record<string, string | readonly string[]>) =>
  refusalsOf(new ApiError(400, { code: "request/malformed", message: "It is wrong.", hint: "Mend it.", data }));

test("each field of a shape that is wrong gets its own reason, as a sentence", () => {
  const reasons = ["3 to 63 letters", "It is empty."];
  expect(refused({ field: "subdomain", fields: ["subdomain", "users.2.email"], reasons })).toEqual([
    { field: "subdomain", says: "3 to 63 letters." },
    { field: "users.2.email", says: "It is empty." },
  ]);
});

test("a rule's refusal stands beside its field with what to do; without one no field is to blame", () => {
  expect(refused({ field: "email" })).toEqual([{ field: "email", says: "It is wrong. Mend it." }]);
  expect(refused({ subdomain: "x" })).toEqual([]);
});
