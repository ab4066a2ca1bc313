import { expect, test } from "vitest";
import { listOf, oneOf, text, url, whole, yesNo } from "./kinds.ts";
import { isLoopback, listenAddress } from "./listen.ts";
import { rate } from "./rate.ts";

test.each([
  ["127.0.0.1:1", { host: "127.0.0.1", port: 1 }],
  ["0", { host: "127.0.0.1", port: 0 }],
  ["localhost", { host: "localhost", port: 8470 }],
  [":9000", { host: "0.0.0.0", port: 9000 }],
  ["[::1]:9000", { host: "::1", port: 9000 }],
  ["backup.example.com:443", { host: "backup.example.com", port: 443 }],
])("--listen %s", (typed, expected) => {
  expect(listenAddress.parse(typed)).toEqual(expected);
});

test.each(["a:b", "127.0.0.1:70000", "::1", "a b:1", "70000"])("--listen %s is refused", (typed) => {
  expect(listenAddress.safeParse(typed).success).toBe(false);
});

test("only addresses of this machine are loopback", () => {
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "::1"]) expect(isLoopback(host)).toBe(true);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com"]) expect(isLoopback(host)).toBe(false);
});

test("text of an option and JSON of the file are read alike", () => {
  const seconds = whole({ min: 0, max: 10 });
  for (const given of ["7", 7, " 7 "]) expect(seconds.parse(given)).toBe(7);
  for (const given of ["yes", true, "1", "ON"]) expect(yesNo.parse(given)).toBe(true);
  for (const given of ["no", false, 0]) expect(yesNo.parse(given)).toBe(false);
  const words = listOf("a word", (word) => (word === "x" ? undefined : word));
  for (const given of ["a, b", ["a", "b"]]) expect(words.parse(given)).toEqual(["a", "b"]);
  expect(words.parse("")).toEqual([]);
  expect(url("https:").parse("https://a.example/")).toBe("https://a.example");
  expect(rate.parse("20/hours")).toEqual({ count: 20, perMs: 3_600_000 });
  expect(rate.parse("off")).toBeNull();
});

test("what does not fit is refused with what is allowed", () => {
  const said = [
    [whole({ min: 1, max: 9 }), "10", "it must be a whole number from 1 to 9"],
    [whole({ min: 1, max: 9 }), "1e0", "it must be a whole number from 1 to 9"],
    [yesNo, "maybe", "it must be yes or no"],
    [oneOf(["a", "b"]), "c", "it must be one of a, b"],
    [url("postgres:"), "http://x", "it must be an address that begins with postgres://"],
    [text(), "", "it must be some text"],
    [text(), { a: 1 }, "it must be some text"],
    [rate, "0/minute", 'it must be a rate like 10/second, 600/minute or 20/hour, or "off"'],
    [listOf("a word", () => undefined), "x", "it must be a word, with commas between several"],
  ] as const;
  for (const [schema, given, expected] of said)
    expect(schema.safeParse(given).error?.issues[0]?.message).toBe(expected);
});
