/** `holdfast run` as a process, and all that somebody at the machine says to it. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { askAgent } from "../../agent/index.ts";
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

/** How long the agent itself takes; a command's own start is another matter. */
async function statusMs(machine: Cli): Promise<number> {
  const before = performance.now();
  for await (const _ of askAgent(machine.data, { op: "status" }));
  return performance.now() - before;
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

  expect((await machine.json("pause", "2h")).answer.pausedUntil).toBeGreaterThan(Date.now() + 7_100_000);
  expect((await machine.run("status")).stdout).toMatch(/state +paused until /);
  expect(await machine.json("backup")).toMatchObject({ answer: { error: { code: "agent/paused" } } });
  expect((await machine.json("resume")).answer).toEqual({ pausedUntil: null });
  expect(await machine.json("cancel")).toMatchObject({ answer: { error: { code: "agent/nothing-running" } } });

  // What follows hears what happens.
  const [follower, top] = [machine.start("logs", "--follow", "-n", "0"), machine.start("top", "--json")];
  let heard = "";
  follower.child.stdout?.on("data", (piece: string) => {
    heard += piece;
  });
  const [line] = await once(top.child.stdout ?? agent.child, "data");
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
  const again = await started(machine);
  await machine.run("settings", "set", "upload-limit", "off");
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { result: "success" } });

  // A service that takes connections and says nothing: the agent answers, and ends when it is told to.
  again.child.kill("SIGTERM");
  await again.ended;
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await once(silent, "listening");
  const address = silent.address();
  pointAt(machine, `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
  const alone = await started(machine);
  expect(await statusMs(machine)).toBeLessThan(1000);
  const stoppedAt = performance.now();
  alone.child.kill("SIGTERM");
  await alone.ended;
  expect(performance.now() - stoppedAt).toBeLessThan(8_000);
  expect(existsSync(join(machine.data, "control.sock"))).toBe(false);
});
