/**
 * Hands out the console: a fixed set of files that the build made, and its one page for every address that is the console's own. Names are looked up,
 * never joined to a path: there is nothing beside them to reach.
 */
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};
/** In the order in which they are preferred. */
const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;
const YEAR_SECONDS = 31_536_000;
const NONCE_BYTES = 18;
/** The service's own: never a page. */
const NO_PAGE = /^\/(?:v1|health|metrics|assets)(?:\/|$)/;

/** Beside a built service; of a checkout where `npm run build:console` puts it. */
const PLACES = ["./console", "../../dist/console"];

export interface ConsoleOptions {
  readonly random: Random;
  /** For tests; else where the build puts it. */
  readonly folder?: string | undefined;
}

export function serveConsole(app: FastifyInstance, { random, folder = builtConsole() }: ConsoleOptions): void {
  const files = folder === undefined ? [] : readdirSync(folder, { recursive: true, encoding: "utf8" });
  const names = new Set(files.map((name) => name.replaceAll("\\", "/")));
  const kept = new Map<string, Promise<Buffer>>();
  const read = (name: string): Promise<Buffer> => {
    const bytes = kept.get(name) ?? readFile(join(folder ?? "", name));
    kept.set(name, bytes);
    return bytes;
  };
  app.get("*", async (request, reply) => {
    const name = request.url.split("?")[0]?.slice(1) ?? "";
    const [, ending = ""] = /\.(\w+)$/.exec(name) ?? [];
    const type = TYPES[ending];
    if (type !== undefined && names.has(name)) return await sendFile(name, type);
    if (!isPage(request)) throw new HoldfastError("route/missing", { method: request.method, path: `/${name}` });
    if (!names.has("index.html")) throw new HoldfastError("console/not-built");
    const nonce = random(NONCE_BYTES).toString("base64");
    const html = (await read("index.html")).toString().replaceAll("{nonce}", nonce);
    return reply.header("content-security-policy", pagePolicy(nonce)).type("text/html; charset=utf-8").send(html);

    async function sendFile(file: string, media: string): Promise<FastifyReply> {
      const accepted = request.headers["accept-encoding"] ?? "";
      const found = ENCODINGS.find(([encoding, end]) => accepted.includes(encoding) && names.has(`${file}${end}`));
      // Names of what the build makes say what is in them: another content has another name.
      const isNamedByContent = file.startsWith("assets/");
      reply.header("cache-control", isNamedByContent ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache");
      reply.header("vary", "accept-encoding").type(media);
      if (found !== undefined) reply.header("content-encoding", found[0]);
      return reply.send(await read(found === undefined ? file : `${file}${found[1]}`));
    }
  });
}

const isPage = ({ url, headers }: FastifyRequest): boolean =>
  !NO_PAGE.test(url) && (headers.accept ?? "").includes("text/html");

/** Scripts and styles of this very answer and this very service; nothing from anywhere else, and nobody frames it. */
const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

function builtConsole(): string | undefined {
  return PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((place) =>
    existsSync(join(place, "index.html")),
  );
}
