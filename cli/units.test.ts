import { expect, test } from "vitest";
import { count, counted, duration, moment, permissions, size } from "./units.ts";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1536, "1.5 KiB"],
  [1024 * 1024 - 1, "1.0 MiB"],
  [123 * 1024 ** 2, "123 MiB"],
  [5 * 1024 ** 4, "5.0 TiB"],
])("%d bytes are %s", (bytes, expected) => {
  expect(size(bytes)).toBe(expected);
});

test.each([
  [0, "0.0 s"],
  [412, "0.4 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 5 min"],
  [273_600_000, "3 d 4 h"],
])("%d ms are %s", (ms, expected) => {
  expect(duration(ms)).toBe(expected);
});

test.each([0, 7, 999, 1000, 12_345, 123_456, 1_234_567_890])("%d is grouped as it is in English", (value) => {
  expect(count(value)).toBe(value.toLocaleString("en-US"));
});

test("a moment is shown in the zone asked for, and says which", () => {
  expect(moment("2026-11-01T17:00:23.500Z", "Europe/Berlin")).toMatch(/^2026-11-01 18:00:23 (GMT\+1|CET)$/);
  expect(moment(0, "UTC")).toBe("1970-01-01 00:00:00 UTC");
  expect(moment("2026-11-01T17:00:23.999Z", "UTC")).toBe("2026-11-01 17:00:23 UTC");
});

test.each([
  ["-", 0o644, "-rw-r--r--"],
  ["d", 0o1777, "drwxrwxrwt"],
  ["-", 0o4755, "-rwsr-xr-x"],
  ["-", 0o2644, "-rw-r-Sr--"],
])("%s with %o is %s %s", (letter, mode, expected) => {
  expect(permissions(letter, mode)).toBe(expected);
});

test("one is not many", () => {
  expect([counted(1, "file"), counted(1234, "file"), counted(2, "entry", "entries")]).toEqual([
    "1 file",
    "1,234 files",
    "2 entries",
  ]);
});
