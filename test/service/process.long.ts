import { spawn } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { tempFolder } from "../support/temp-folder.ts";

const MAIN = fileURLToPath(new URL("../../server-mock/main.ts", import.meta.url));

/** Runs a command to its end. */
async function run(...parameters: string[]): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN, ...parameters], { stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (text) => {
    said.out += text;
  });
  child.stderr.on("data", (text) => {
    said.err += text;
  });
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...said };
}

/** Starts the service and waits until it listens. */
async function serve(...parameters: string[]) {
  const child = spawn(process.execPath, [MAIN, "start", "--log", "silent", ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    const address = /^holdfast-server listening on (\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { child, address, said };
  }
  throw new Error(`it ended: ${said.join("\n")}`);
}

async function stop(child: Awaited<ReturnType<typeof serve>>["child"], signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  const [status] = (await once(child, "exit")) as [number | null];
  return status;
}

test("init, start, stop: the credentials work, and both signals end it in peace", async () => {
  const data = join(tempFolder(), "service");
  const made = await run("init", "--data", data, "--json", "--user", "me@example.com");
  const first = JSON.parse(made.out);
  expect(first.user.email).toBe("me@example.com");
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const { child, address } = await serve("--data", data, "--port", "0");
    const headers = { "content-type": "application/json" };
    const login = await fetch(`${address}/v1/login`, { method: "POST", headers, body: JSON.stringify(first.user) });
    expect(login.status).toBe(200);
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    expect(await stop(child, signal)).toBe(0);
  }
  const again = await run("init", "--data", data);
  expect(again.status).toBe(6);
  expect(again.err).toContain("service/initialized");
});

test("a second service on the same folder, or the same port, is refused with a reason", async () => {
  const data = join(tempFolder(), "service");
  const { child, address } = await serve("--data", data, "--port", "0");
  const sameFolder = await run("start", "--data", data, "--port", "0");
  expect(sameFolder.err).toContain("service/running");
  const other = join(tempFolder(), "other");
  const samePort = await run("start", "--data", other, "--listen", new URL(address).host);
  expect([samePort.status, samePort.err.includes("address/in-use")]).toEqual([3, true]);
  const badListen = await run("start", "--data", other, "--listen", "256.1.1.1:x");
  expect([badListen.status, badListen.err.includes("config/invalid")]).toEqual([2, true]);
  // The lock goes with the process, however it ends.
  await stop(child, "SIGKILL");
  const next = await serve("--data", data, "--port", "0");
  expect(await stop(next.child, "SIGTERM")).toBe(0);
});

test("beyond loopback it speaks TLS 1.3 with a certificate whose fingerprint it prints, the same at each start", async () => {
  const data = join(tempFolder(), "service");
  const fingerprints = new Set<string>();
  for (let start = 0; start < 2; start++) {
    const { child, address, said } = await serve("--data", data, "--listen", "0.0.0.0:0");
    const printed = said.find((line) => line.startsWith("certificate fingerprint: "))?.split(": ")[1] ?? "";
    const socket = connect({ port: Number(new URL(address).port), host: "127.0.0.1", rejectUnauthorized: false });
    await once(socket, "secureConnect");
    expect(socket.getProtocol()).toBe("TLSv1.3");
    const certificate = socket.getPeerX509Certificate();
    expect(certificate?.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate?.checkHost("localhost")).toBe("localhost");
    expect(certificate?.verify(certificate.publicKey)).toBe(true);
    const spki = createPublicKey(certificate?.publicKey.export({ type: "spki", format: "pem" }) ?? "");
    expect(printed.replaceAll(":", "")).toBe(sha256(spki.export({ type: "spki", format: "der" })).toString("hex"));
    fingerprints.add(printed);
    socket.destroy();
    await stop(child, "SIGTERM");
  }
  expect(fingerprints.size).toBe(1);
  expect((await stat(join(data, "keys", "tls.key"))).mode & 0o777).toBe(0o600);
});

test("keys, users and status work beside a running service", async () => {
  const data = join(tempFolder(), "service");
  await run("init", "--data", data);
  const { child } = await serve("--data", data, "--port", "0");
  const email = "new@example.com";
  expect((await run("users", "create", email, "--data", data, "--limit", "10GB")).out).toMatch(
    /^new@example.com {2}\S{23}\n$/,
  );
  const keys = JSON.parse((await run("keys", "create", "--data", data, "--user", email, "--count", "2", "--json")).out);
  expect(keys).toHaveLength(2);
  expect((await run("keys", "revoke", keys[0].id, "--data", data)).status).toBe(0);
  const listed = JSON.parse((await run("keys", "list", "--data", data, "--json")).out);
  expect(listed.map(({ state }: { state: string }) => state)).toEqual(["assigned", "revoked", "assigned", "assigned"]);
  expect((await run("users", "set", email, "--data", data, "--suspend", "--limit", "none")).status).toBe(0);
  const users = JSON.parse((await run("users", "list", "--data", data, "--json")).out);
  expect(users.find((user: { email: string }) => user.email === email)).toMatchObject({
    state: "suspended",
    limitBytes: "none",
  });
  expect((await run("users", "create", email, "--data", data)).err).toContain("account/exists");
  expect((await run("status", "--data", data)).out).toBe("none\n");
  await stop(child, "SIGTERM");
});

test("a mistyped folder is told, not made", async () => {
  const data = join(tempFolder(), "nowhere");
  const refused = await run("keys", "list", "--data", data);
  expect([refused.status, refused.err.includes("config/invalid")]).toEqual([2, true]);
  expect(await readdir(join(data, ".."))).toEqual([]);
});

test("a lost key-encryption key is told, never replaced", async () => {
  const data = join(tempFolder(), "service");
  await run("init", "--data", data);
  await rm(join(data, "keys", "key-encryption.key"));
  const refused = await run("start", "--data", data, "--port", "0");
  expect([refused.status, refused.err.includes("key-encryption.key")]).toEqual([2, true]);
});

test("help shows examples, and a wrong option is a usage error", async () => {
  expect((await run("--help")).out).toContain("Examples:");
  expect((await run("start", "--nonsense")).status).toBe(2);
  expect((await run("--version")).status).toBe(0);
});

test("a database that is lost or damaged is told, and no new one takes its place beside old backups", async () => {
  const data = tempFolder();
  expect((await run("init", "--data", data)).status).toBe(0);
  await writeFile(join(data, "lock.db"), "no database either, but nothing is lost with it".repeat(9));
  await writeFile(join(data, "holdfast.db"), "no database".repeat(999));
  const damaged = await run("start", "--data", data, "--port", "0");
  expect(damaged).toMatchObject({ status: 2, err: expect.stringContaining("it is damaged") });
  await rm(join(data, "holdfast.db"));
  await mkdir(join(data, "storage", "records", "ab"), { recursive: true });
  await writeFile(join(data, "storage", "records", "ab", "0000000000000001-cd"), "");
  const lost = await run("start", "--data", data, "--port", "0");
  expect(lost).toMatchObject({ status: 2, err: expect.stringContaining("bring the database back") });
});
