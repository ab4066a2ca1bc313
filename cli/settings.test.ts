import { expect, test } from "vitest";
import { readSurroundings, trialFolder } from "./settings.ts";

test("the data folder is HOLDFAST_HOME, else the system's or the person's own place for state", () => {
  expect(readSurroundings({ HOLDFAST_HOME: "/srv/hf" }).dataFolder).toBe("/srv/hf");
  const isRoot = process.getuid?.() === 0;
  expect(readSurroundings({ XDG_STATE_HOME: "/x" }).dataFolder).toBe(isRoot ? "/var/lib/holdfast" : "/x/holdfast");
  expect(trialFolder("/checkout", {})).toBe("/checkout/.holdfast");
  expect(trialFolder("/checkout", { HOLDFAST_HOME: "/srv/hf" })).toBe("/srv/hf");
});

test("empty variables count as absent", () => {
  const { password, passphrase } = readSurroundings({ HOLDFAST_PASSWORD: "", HOLDFAST_PASSPHRASE: "" });
  expect([password, passphrase]).toEqual([undefined, undefined]);
});
