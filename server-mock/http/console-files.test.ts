import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import Fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { serveConsole } from "./console-files.ts";

const SCRIPT = "console.log(1);".repeat(100);

function builtFolder(): string {
  const folder = tempFolder();
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), '<meta name="nonce" content="{nonce}"><script nonce="{nonce}"></script>');
  writeFileSync(join(folder, "assets/index-abc.js"), SCRIPT);
  writeFileSync(join(folder, "assets/index-abc.js.br"), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, "assets/index-abc.js.gz"), gzipSync(SCRIPT));
  writeFileSync(join(folder, "icon.svg"), "<svg/>");
  return folder;
}

function app(folder: string) {
  const server = Fastify();
  server.setErrorHandler<Error>((error, _, reply) =>
    reply
      .status(error instanceof HoldfastError ? error.status : 500)
      .send({ code: error instanceof HoldfastError ? error.code : "?" }),
  );
  serveConsole(server, { random: systemRandom, folder });
  onTestFinished(() => server.close());
  return (url: string, headers: Record<string, string> = { accept: "text/html,*/*" }) =>
    server.inject({ url, headers });
}

test.each(["/", "/users", "/users/new?x=1", "/o/acme/activate"])(
  "%s is the console's one page, with a nonce of its own each time",
  async (url) => {
    const get = app(builtFolder());
    const [first, second] = [await get(url), await get(url)];
    const nonce = /content="([^"]+)"/.exec(first.body)?.[1] ?? "";
    expect(nonce.length).toBeGreaterThanOrEqual(24);
    expect(first.body).not.toContain("{nonce}");
    expect(first.headers["content-security-policy"]).toContain(`script-src 'self' 'nonce-${nonce}'`);
    expect(first.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(second.body).not.toContain(nonce);
  },
);

test.each(["/v1/nothing", "/v1", "/health/x", "/metrics/x", "/assets/gone.js"])("%s is no page", async (url) => {
  const answer = await app(builtFolder())(url);
  expect([answer.statusCode, answer.json().code]).toEqual([404, "route/missing"]);
});

test("who asks for no page gets none", async () => {
  expect((await app(builtFolder())("/users", { accept: "application/json" })).json().code).toBe("route/missing");
});

test.each([
  ["gzip, deflate, br", "br", brotliDecompressSync],
  ["gzip", "gzip", gunzipSync],
  ["", undefined, (bytes: Buffer) => bytes],
] as const)(
  "a script goes out as small as the browser takes it (%s), and is kept for good",
  async (accepted, encoding, open) => {
    const answer = await app(builtFolder())("/assets/index-abc.js", { "accept-encoding": accepted });
    expect(answer.headers["content-encoding"]).toBe(encoding);
    expect(answer.headers["cache-control"]).toContain("immutable");
    expect(answer.headers["content-type"]).toContain("text/javascript");
    expect(open(answer.rawPayload).toString()).toBe(SCRIPT);
  },
);

test("what may change under its name is asked for again", async () => {
  expect((await app(builtFolder())("/icon.svg")).headers["cache-control"]).toBe("no-cache");
});

test.each(["/assets/../../secret.js", "/..%2fsecret.js", "/assets/%2e%2e/%2e%2e/secret.js", "/assets//index-abc.js"])(
  "%s reaches nothing",
  async (url) => {
    const folder = builtFolder();
    writeFileSync(join(folder, "../secret.js"), "secret");
    expect((await app(folder)(url, {})).body).not.toContain("secret");
    expect((await app(folder)(url, {})).statusCode).toBe(404);
  },
);

test("a service whose console was not built says how to build it", async () => {
  expect((await app(tempFolder())("/")).json().code).toBe("console/not-built");
});
