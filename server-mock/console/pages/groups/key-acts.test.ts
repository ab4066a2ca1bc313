import { expect, test } from "vitest";
import { keyActs } from "./key-acts.ts";

const ann = { id: "a", email: "ann@acme.example" };
const key = { state: "assigned", user: ann, machine: null } as const;

test("keys of one user can be sent, taken back, suspended and revoked together", () => {
  expect(keyActs([key, key])).toMatchObject({
    sendTo: ann,
    takeBack: true,
    suspend: true,
    revoke: true,
    resume: false,
  });
});

test("of keys of several people none are sent, and an activated or revoked one stays as it is", () => {
  expect(keyActs([key, { ...key, user: { id: "b", email: "b@acme.example" } }]).sendTo).toBeUndefined();
  expect(keyActs([key, { ...key, state: "activated", machine: "m" }])).toMatchObject({
    revoke: false,
    isNothing: true,
  });
  expect(keyActs([{ ...key, state: "revoked" }]).isNothing).toBe(true);
});

test("suspended keys are resumed, not suspended again", () => {
  expect(keyActs([{ ...key, state: "suspended" }])).toMatchObject({ resume: true, suspend: false });
});
