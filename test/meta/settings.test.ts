/** The table of settings has no row that does nothing. */
import { expect, test } from "vitest";
import { sourceFiles } from "../../scripts/layers.ts";
import { settingRows } from "../../server-mock/settings/settings.ts";

const code = sourceFiles()
  .filter(({ path }) => path.startsWith("server-mock/") && path !== "server-mock/settings/settings.ts")
  .map(({ text }) => text)
  .join("\n");

test("every setting is read by something", () => {
  expect(settingRows().filter(([name]) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
});

test("every setting's default is one of its own values, and says what it does in one line", () => {
  for (const [name, { schema, default: standard, says }] of settingRows()) {
    expect(standard === undefined || schema.safeParse(standard).success, name).toBe(true);
    expect(says, name).toMatch(/^[^A-Z\n](?!.*\.$)|^(PEM|PostgreSQL|S3|TLS|SMTP)/);
  }
});
