import { expect, test } from "vitest";
import { isLoopback, parseListen, readConfig } from "./config.ts";

test.each([
  ["127.0.0.1:1", { host: "127.0.0.1", port: 1 }],
  ["0", { host: "127.0.0.1", port: 0 }],
  ["localhost", { host: "localhost", port: 8470 }],
  [":9000", { host: "0.0.0.0", port: 9000 }],
  ["[::1]:9000", { host: "::1", port: 9000 }],
  ["backup.example.com:443", { host: "backup.example.com", port: 443 }],
])("--listen %s", (text, expected) => {
  expect(parseListen(text)).toEqual(expected);
});

test.each(["a:b", "127.0.0.1:70000", "::1", "a b:1"])("--listen %s is refused", (text) => {
  expect(() => parseListen(text)).toThrow(expect.objectContaining({ code: "config/invalid" }));
});

test("a port option wins over the address's", () => {
  expect(readConfig({ listen: "127.0.0.1:5", port: "0", data: "/x" }).listen).toEqual({ host: "127.0.0.1", port: 0 });
  expect(() => readConfig({ port: "x" })).toThrow(expect.objectContaining({ code: "config/invalid" }));
});

test("only addresses of this machine are loopback", () => {
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "::1"]) expect(isLoopback(host)).toBe(true);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com"]) expect(isLoopback(host)).toBe(false);
});
