import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { ERROR_CODES, type ErrorRow } from "../../protocol/error-codes.ts";
import { ROUTES } from "../../protocol/routes.ts";
import { startTestService } from "../../test/support/test-service.ts";

test("the service describes itself as OpenAPI 3.1", async () => {
  const service = await startTestService();
  const { status, headers, json } = await service.call("openApi");
  expect([status, headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
  expect(json.openapi).toBe("3.1.0");
  expect(Object.keys(json.paths)).toEqual([...new Set(Object.values(ROUTES).map(({ path }) => path))]);
});

test("the page names every route and error, and its policy lets in nothing but its own style", async () => {
  const service = await startTestService();
  const { headers, bytes } = await service.call("apiPage");
  const page = bytes.toString();
  for (const [name, { path }] of Object.entries(ROUTES)) {
    expect(page).toContain(`id="${name}"`);
    expect(page).toContain(`<code>${path}</code>`);
  }
  for (const [code, { status }] of Object.entries<ErrorRow>(ERROR_CODES))
    if (status > 0) expect(page).toContain(`<code>${code}</code>`);
  expect(page).not.toMatch(/<script|<link|<img|\son\w+="|style="|\ssrc=|href="(?![#/])|@import|url\(/);
  const [, style = ""] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
  const hash = sha256(Buffer.from(style)).toString("base64");
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(headers.get("content-security-policy")).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  const ids = Array.from(page.matchAll(/\sid="([^"]+)"/g), ([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const targets = Array.from(page.matchAll(/href="#([^"]+)"/g), ([, id]) => id);
  expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
});

test("answers of the API can't be framed, run or guessed to be something else", async () => {
  const service = await startTestService();
  for (const answer of [await service.call("service"), await service.call("ownMachine")]) {
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none';.* frame-ancestors 'none'$/);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  }
});
