/** `holdfast run` as a process, and all that somebody at the machine says to it. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Cli, Running } from "../support/run-cli.ts";
import { makeWorld, pointAt } from "../support/world.ts";

async function started(machine: Cli, ...words: string[]): Promise<Running> {
  const agent = machine.start("run", "--json", ...words);
  onTestFinished(() => void agent.child.kill("SIGKILL"));
  let said = "";
  await new Promise<void>((resolve, reject) => {
    agent.child.stdout?.on("data", (piece: string) => {
      said += piece;
      if (said.includes('"config.read"')) resolve();
    });
    void agent.ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  return agent;
}

/** A service that takes every call and never comes to the end of an answer: as bytes go on to come, no time-out ends the wait for it either. */
async function endlessService(): Promise<{ readonly url: string; readonly called: Promise<unknown> }> {
  const server = createServer((caller) => {
    caller.on("error", () => caller.destroy());
    caller.once("data", () => caller.write("HTTP/1.1 200 OK\r\nendless: "));
    const more = setInterval(() => caller.write("x"), 1000);
    caller.once("close", () => clearInterval(more));
  });
  onTestFinished(() => void server.close());
  const called = once(server, "connection");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // Of a server that listens on a port.
  return { url: `http://127.0.0.1:${port}`, called };
}

test("a running agent is asked, paused, followed, killed and started again", async () => {
  const world = await makeWorld();
  onTestFinished(() => world.remove());
  const machine = await world.machine("den");
  const files = world.at("files");
  mkdirSync(files);
  writeFileSync(join(files, "letter.txt"), "Dear reader");

  // Nobody runs: told as such, also where a socket of somebody dead lies.
  expect(await machine.json("cancel")).toMatchObject({
    code: expect.any(Number),
    answer: { error: { code: "agent/not-running" } },
  });

  const agent = await started(machine);
  expect(statSync(join(machine.data, "control.sock")).mode & 0o777).toBe(0o600);
  expect(statSync(machine.data).mode & 0o777).toBe(0o700);
  expect(await machine.json("run")).toMatchObject({
    answer: { error: { code: "agent/running", data: { pid: String(agent.child.pid) } } },
  });

  const { answer: made, code } = await machine.json("backup", files);
  expect([code, made]).toMatchObject([0, { snapshot: 1, result: "success" }]);
  const { answer: status } = await machine.json("status");
  expect(status.agent).toMatchObject({
    state: "idle",
    pid: agent.child.pid,
    sets: [{ name: "default", roots: [files] }],
    last: { type: "Manual", result: "success", snapshot: 1 },
    troubles: [],
  });

  const before = Date.now();
  expect((await machine.json("pause", "2h")).answer.pausedUntil).toBeGreaterThanOrEqual(before + 7_200_000);
  expect((await machine.run("status")).stdout).toMatch(/state +paused until /);
  expect(await machine.json("backup")).toMatchObject({ answer: { error: { code: "agent/paused" } } });
  expect((await machine.json("resume")).answer).toEqual({ pausedUntil: null });
  expect(await machine.json("cancel")).toMatchObject({ answer: { error: { code: "agent/nothing-running" } } });

  // What follows hears what happens. It hears the past when it follows already.
  const [follower, top] = [machine.start("logs", "--follow", "-n", "1"), machine.start("top", "--json")];
  let heard = "";
  follower.child.stdout?.on("data", (piece: string) => {
    heard += piece;
  });
  const [line] = await once(top.child.stdout ?? agent.child, "data");
  await expect.poll(() => heard).toContain("agent.resume");
  expect(JSON.parse(String(line).split("\n")[0] ?? "")).toMatchObject({
    pid: agent.child.pid,
    state: expect.any(String),
  });
  await machine.run("settings", "set", "upload-limit", "20k");
  writeFileSync(join(files, "large"), randomBytes(20_000_000));
  const backup = machine.start("backup", "--json");
  await expect.poll(() => heard).toContain("backup.start");
  await expect.poll(async () => (await machine.json("status")).answer.agent.state).toBe("backing-up");

  // Killed in the middle: followers and callers hear of it, and the next start goes on.
  agent.child.kill("SIGKILL");
  expect((await backup.ended).stderr).toContain("agent/not-running");
  expect((await follower.ended).code).not.toBe(0);
  expect((await top.ended).code).not.toBe(0);
  expect(existsSync(join(machine.data, "control.sock"))).toBe(true);
  expect((await machine.run("logs")).stdout).toContain("backup.start");
  await agent.ended;
  const again = await started(machine);
  await machine.run("settings", "set", "upload-limit", "off");
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { result: "success" } });

  // A service that never answers: the agent does while it waits for it, and ends when it is told to.
  again.child.kill("SIGTERM");
  await again.ended;
  const endless = await endlessService();
  pointAt(machine, endless.url);
  const alone = await started(machine);
  await endless.called;
  expect((await machine.json("status")).answer.agent).toMatchObject({ pid: alone.child.pid, state: "idle" });
  alone.child.kill("SIGTERM");
  expect(await alone.ended).toMatchObject({ code: 130 });
  expect(existsSync(join(machine.data, "control.sock"))).toBe(false);
});
