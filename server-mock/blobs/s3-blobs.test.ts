/** What real S3 servers do badly, done by a server of few lines: conditions that are unknown, connections that break, pages that are short. */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { blob } from "../../test/conformance/blobs.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { s3Blobs } from "./s3-blobs.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean;

/** Keeps objects; `first` may answer in its stead. */
async function openOn(first: Answer) {
  const objects = new Map<string, Buffer>();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const url = new URL(request.url ?? "/", "http://localhost");
    asked.push(`${request.method} ${url.pathname}`);
    if (first(request, response, body)) return;
    const found = objects.get(url.pathname);
    if (request.method === "PUT") {
      objects.set(url.pathname, body);
      response.end();
    } else if (request.method === "HEAD" && /^\/bucket\/?$/.test(url.pathname)) response.end();
    else if (found === undefined) response.writeHead(404).end();
    else {
      const [, start = "0", end = `${found.length - 1}`] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
      const part = found.subarray(Number(start), Number(end) + 1);
      response.writeHead(request.headers.range ? 206 : 200, { "content-length": part.length });
      response.end(request.method === "HEAD" ? undefined : part);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const blobs = await s3Blobs({
    place: {
      bucket: "bucket",
      prefix: "",
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      pathStyle: true,
    },
    incoming: tempFolder(),
    random: systemRandom,
  });
  onTestFinished(() => {
    blobs.close();
    server.closeAllConnections();
    server.close();
  });
  return { blobs, objects, asked };
}

const conditional = (request: IncomingMessage) => request.headers["if-none-match"] === "*";

test.each([
  [
    "says that it doesn't know conditions",
    (request: IncomingMessage, response: ServerResponse) => {
      if (!conditional(request)) return false;
      response.writeHead(501).end("<Error><Code>NotImplemented</Code></Error>");
      return true;
    },
  ],
  ["ignores conditions in silence", () => false],
])("on a server that %s, blobs are put without them", async (_, first) => {
  const { blobs } = await openOn(first);
  const bytes = randomBytes(1000);
  expect(await blobs.put(blob("packs/aa/11", bytes))).toEqual({ known: false });
  expect(await blobs.put(blob("packs/aa/11", bytes))).toEqual({ known: true });
  expect(await blobs.get("packs/aa/11")).toEqual(bytes);
});

test("every upload carries its MD5, by which servers check what they got", async () => {
  const sent: unknown[] = [];
  const { blobs } = await openOn((request) => {
    const { "content-md5": md5, "x-amz-sdk-checksum-algorithm": other } = request.headers;
    if (request.url?.startsWith("/bucket/packs") && request.method === "PUT") sent.push([md5, other]);
    return false;
  });
  const bytes = randomBytes(1000);
  await blobs.put(blob("packs/aa/11", bytes));
  expect(sent).toEqual([[createHash("md5").update(bytes).digest("base64"), undefined]]);
});

test("an upload that a busy server refuses is sent again whole, and one that it never takes is told", async () => {
  let refusals = 2;
  const { blobs, asked } = await openOn((request, response) => {
    if (request.method !== "PUT" || !request.url?.startsWith("/bucket/packs") || refusals-- <= 0) return false;
    response.writeHead(503).end("<Error><Code>SlowDown</Code></Error>");
    return true;
  });
  const bytes = randomBytes(300_000);
  await blobs.put(blob("packs/aa/11", bytes));
  expect(asked.filter((each) => each === "PUT /bucket/packs/aa/11")).toHaveLength(3);
  expect(await blobs.get("packs/aa/11")).toEqual(bytes);
  refusals = 99;
  await expect(blobs.put(blob("packs/aa/22", bytes))).rejects.toMatchObject({ code: "storage/failed" });
});

test("a download whose connection breaks goes on where it broke; bytes that are not there are told", async () => {
  let breaks = 2;
  const bytes = randomBytes(400_000);
  const { blobs, objects } = await openOn((request, response) => {
    if (request.method !== "GET" || breaks-- <= 0) return false;
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(206, { "content-length": bytes.length - start });
    response.write(bytes.subarray(start, start + 100_000), () => response.destroy());
    return true;
  });
  await blobs.put(blob("packs/aa/11", bytes));
  const pieces: Buffer[] = [];
  await blobs.pour(
    "packs/aa/11",
    { start: 0, end: bytes.length },
    async (piece) => void pieces.push(Buffer.from(piece)),
  );
  expect(Buffer.concat(pieces)).toEqual(bytes);
  objects.set("/bucket/packs/aa/11", bytes.subarray(0, 1000));
  const cut = blobs.pour("packs/aa/11", { start: 0, end: bytes.length }, async () => undefined);
  await expect(cut).rejects.toMatchObject({ code: "storage/failed" });
});

test("a list goes on as long as the server says that there is more, however short its pages", async () => {
  const pages = [["packs/a"], [], ["packs/b", "packs/c"]];
  const { blobs } = await openOn((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!url.searchParams.has("list-type")) return false;
    const page = Number(url.searchParams.get("continuation-token") ?? 0);
    const keys = (pages[page] ?? []).map((key) => `<Contents><Key>${key}</Key></Contents>`).join("");
    const more = page < pages.length - 1;
    const next = more ? `<NextContinuationToken>${page + 1}</NextContinuationToken>` : "";
    response.end(`<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${keys}</ListBucketResult>`);
    return true;
  });
  const names: string[] = [];
  for await (const name of blobs.list("packs")) names.push(name);
  expect(names).toEqual(["packs/a", "packs/b", "packs/c"]);
});

test.each([
  [507, "InsufficientStorage"],
  [403, "QuotaExceeded"],
])("a bucket that is full (%d) is full storage", async (status, code) => {
  const { blobs } = await openOn((request, response) => {
    if (request.method !== "PUT" || !request.url?.startsWith("/bucket/packs")) return false;
    response.writeHead(status, { "content-type": "application/xml" }).end(`<Error><Code>${code}</Code></Error>`);
    return true;
  });
  await expect(blobs.put(blob("packs/aa/11", randomBytes(10)))).rejects.toMatchObject({ code: "storage/full" });
});
