import fc from "fast-check";
import { expect, test } from "vitest";
import { catalogPathOf, spelledPath } from "../../../agent/model/spelled-path.ts";
import { anyPath } from "../../../test/support/any-entry.ts";
import { archiveName, nameBeside } from "./archive-names.ts";

test.each([
  ["home/anna/Käse 😀.txt", "home/anna/Käse 😀.txt"],
  ["100% sure", "100% sure"],
  ["100%25", "100%2525"],
  ["a\\..\\b", "a%5C..%5Cb"],
  ["..", "%2E%2E"],
  ["a/../../etc", "a/%2E%2E/%2E%2E/etc"],
  ["C:/windows", "C%3A/windows"],
  ["line\nbreak\x1b[31m\x7f", "line%0Abreak%1B[31m%7F"],
])("%j is called %j in an archive", (path, name) => {
  expect(archiveName(Buffer.from(path))).toBe(name);
});

test.each([
  ["caf\xe9", "caf%E9"],
  ["\xff%FF", "%FF%25FF"],
  ["\xff 50% off", "%FF 50% off"],
])("the bytes %j, which are no UTF-8, are called %j", (path, name) => {
  expect(archiveName(Buffer.from(path, "latin1"))).toBe(name);
});

/** Components that a catalog can't have, too: a name must be harmless whatever it was made of. */
const hostilePath = fc
  .array(
    fc.oneof(
      fc.constantFrom("..", ".", "", "C:", "\\", "\\\\server", "a\\b", "%FF", "%25", "%", "con", "a\u202eb"),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => Buffer.from(parts.join("/"), "latin1"));

test("no name leaves the folder it is unpacked to, whoever unpacks it", () => {
  fc.assert(
    fc.property(hostilePath, (path) => {
      const name = archiveName(path);
      expect(name).not.toMatch(/[\p{Cc}\\]/u);
      expect(name).not.toMatch(/^\/|^[A-Za-z]:/);
      for (const part of name === "" ? [] : name.split("/")) expect(["", ".", ".."]).not.toContain(part);
      expect(name.isWellFormed()).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("different paths have different names", () => {
  fc.assert(
    fc.property(anyPath, anyPath, (a, b) => {
      expect(archiveName(a) === archiveName(b)).toBe(a.equals(b));
    }),
    { numRuns: 2000 },
  );
  const alike = ["\xff", "%FF", "%25FF", "\xff%", "%", "%25", "\xc3\xa4", "\xe4", "%E4"].map((each) =>
    Buffer.from(each, "latin1"),
  );
  expect(new Set(alike.map(archiveName)).size).toBe(alike.length);
});

test("every path can be said and said back", () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      expect(catalogPathOf(spelledPath(path))).toEqual(path);
    }),
    { numRuns: 2000 },
  );
});

test.each(["/a/../b", "/a%2Fb", "/%00", "/a%", "/a%4", "/%2E%2E", "/a\0b", "/%ff"])("%j is no path of ours", (text) => {
  expect(() => catalogPathOf(text)).toThrow(expect.objectContaining({ code: "request/malformed" }));
});

test("an older version stands beside the newer one", () => {
  expect(nameBeside("a/letter.txt", 12)).toBe("a/letter (snapshot 12).txt");
  expect(nameBeside("a.b/.profile", 3)).toBe("a.b/.profile (snapshot 3)");
  expect(nameBeside("a.b/c", 3)).toBe("a.b/c (snapshot 3)");
});
