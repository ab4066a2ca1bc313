import { expect, test } from "vitest";
import { browserName } from "./browser-name.ts";

const AS = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox", "Linux"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${AS} Chrome/130.0.0.0 Safari/537.36 Edg/130.0`, "Edge", "Windows"],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${AS} Version/17.4 Safari/605.1.15`, "Safari", "macOS"],
  [`Mozilla/5.0 (Linux; Android 14) ${AS} Chrome/130.0.0.0 Mobile Safari/537.36`, "Chrome", "Android"],
])("%s", (userAgent, browser, system) => {
  expect(browserName(userAgent)).toEqual({ browser, system });
});

test("what is no browser has no name", () => {
  expect(browserName("curl/8.9")).toBe(undefined);
  expect(browserName("")).toBe(undefined);
});
