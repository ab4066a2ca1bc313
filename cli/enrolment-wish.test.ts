/** What a file for deployment tools may say, and what errors about it never say. */
import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { HoldfastError } from "../protocol/errors.ts";
import { parseWish, settingsOf, withoutSecrets } from "./enrolment-wish.ts";

const LINES = `# from the deployment
HOLDFAST_SERVICE=https://backup.example.org:8470
export HOLDFAST_PRODUCT_KEY="ABCDE-FGHJK"\r
HOLDFAST_NAME='a = b'
HOLDFAST_ROOTS=/home${delimiter}/etc
HOLDFAST_SCHEDULE=daily 21:30
`;

test("lines and JSON say the same", () => {
  const wish = parseWish(LINES, "file");
  expect(wish).toEqual({
    service: "https://backup.example.org:8470",
    key: "ABCDE-FGHJK",
    name: "a = b",
    roots: ["/home", "/etc"],
    schedule: "daily 21:30",
  });
  expect(parseWish(`\ufeff${JSON.stringify(wish)}`, "file")).toEqual(wish);
  expect(settingsOf({ ...wish, settings: { warningDays: 3 } })).toMatchObject({
    roots: ["/home", "/etc"],
    schedules: [{ type: "Scheduled", at: "21:30" }],
    warningDays: 3,
  });
});

test.each([
  ['{"key": "SECRET-KEY", ', "it is not whole JSON"],
  ['{"kee": "SECRET-KEY"}', 'Unrecognized key: "kee"'],
  ["HOLDFAST_KEY=SECRET-KEY", "HOLDFAST_KEY is no name that is known here"],
  ["SECRET-KEY", "it is no NAME=value"],
  ['{"kind": "SECRET-KEY"}', "kind: "],
])("%s is refused, and no value is repeated", (text, words) => {
  const refused = errorOf(() => parseWish(text, "file"));
  expect(refused).toMatchObject({ code: "enrolment/invalid" });
  expect(refused.message).toContain(words);
  expect(refused.message).not.toContain("SECRET");
});

test("without its secrets a file still says all else", () => {
  expect(withoutSecrets(LINES, "file")).toBe(LINES.replace(/^export[^\n]*\n/m, ""));
  const json = JSON.stringify({ service: "x", key: "k", password: "p", passphrase: "q", name: "n" });
  expect(JSON.parse(withoutSecrets(json, "file"))).toEqual({ service: "x", name: "n" });
});

function errorOf(act: () => unknown): HoldfastError {
  try {
    act();
  } catch (error) {
    if (error instanceof HoldfastError) return error;
  }
  throw new Error("nothing was refused");
}
