import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type SteeredClock, steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import type { Hook } from "../settings/work.ts";
import { type HookRan, type Prepare, runHooks, withHooks } from "./hooks.ts";

const FACTS = { type: "Scheduled", roots: ["/home/ann", "/srv/a b"] } as const;
const environment = { PATH: process.env.PATH, HOLDFAST_PASSWORD: "secret", LANG: "C" };

const shell = (script: string, more: Partial<Hook> = {}): Hook => ({
  command: ["sh", "-c", script],
  timeLimitSeconds: 60,
  onFailure: "stop",
  ...more,
});

function how(clock: SteeredClock = steeredClock()) {
  const ran: HookRan[] = [];
  return { environment, clock, ran, log: (each: HookRan) => ran.push(each) };
}

test("hooks run in turn, see what the backup is about, and nothing of the agent's own secrets", async () => {
  const out = join(tempFolder(), "out");
  const hooks = [shell(`env >> ${out}; pwd >> ${out}`), shell(`echo second >> ${out}`)];
  expect(await runHooks(hooks, "before", FACTS, how())).toEqual([]);
  const lines = readFileSync(out, "utf8").split("\n");
  expect(lines).toEqual(expect.arrayContaining(["HOLDFAST_PHASE=before", "HOLDFAST_TYPE=Scheduled", "LANG=C", "/"]));
  expect(lines.join("\n")).toContain("HOLDFAST_ROOTS=/home/ann\n/srv/a b\n");
  expect(lines.join("\n")).not.toMatch(/HOLDFAST_PASSWORD|HOLDFAST_RESULT/);
  expect(lines.at(-2)).toBe("second");
});

test("no shell reads a hook's words", async () => {
  const folder = tempFolder();
  const words = ["$(touch here)", "; touch here", "a b", "*"];
  const hook = { ...shell(""), command: ["sh", "-c", `cd ${folder} && printf '%s|' "$@" > words`, "x", ...words] };
  await runHooks([hook], "before", FACTS, how());
  expect(readFileSync(join(folder, "words"), "utf8")).toBe(`${words.join("|")}|`);
  expect(existsSync(join(folder, "here"))).toBe(false);
});

test.each([
  ["a code", shell("echo first; echo 'no such\u0007 table' >&2; exit 3"), "it ended with code 3: no such  table"],
  ["a signal", shell("kill -11 $$"), "it was ended by SIGSEGV"],
  [
    "words that no program can take",
    { ...shell(""), command: ["sh", "a\0b"] },
    "it can't be started (ERR_INVALID_ARG_VALUE)",
  ],
  ["a name that is no program", { ...shell(""), command: ["/no/such"] }, "it can't be started (it is not there)"],
])("a hook before the backup that ends with %s stops it, and says so", async (_, hook, reason) => {
  const never = shell(`touch ${join(tempFolder(), "never")}`);
  const { ran, ...rest } = how();
  await expect(runHooks([hook, never], "before", FACTS, rest)).rejects.toMatchObject({
    code: "hook/failed",
    data: { program: hook.command[0], reason: expect.stringMatching(escaped(reason)) },
  });
  expect(ran).toHaveLength(1);
});

test("a hook that may fail is told of, and the next one runs", async () => {
  const { ran, ...rest } = how();
  const failures = await runHooks([shell("exit 1", { onFailure: "go-on" }), shell("echo yes")], "before", FACTS, rest);
  expect(failures).toMatchObject([{ code: "hook/failed", data: { program: "sh", reason: "it ended with code 1" } }]);
  expect(ran.map(({ output, failure }) => [output, failure])).toEqual([
    ["", "it ended with code 1"],
    ["yes\n", undefined],
  ]);
});

test("of a hook's output the last 4 KiB are kept, whatever it is", async () => {
  const { ran, ...rest } = how();
  await runHooks([shell("head -c 300000 /dev/urandom; echo; echo the end")], "before", FACTS, rest);
  expect(Buffer.byteLength(ran[0]?.output ?? "")).toBeLessThanOrEqual(3 * 4096);
  expect(ran[0]?.output.endsWith("\nthe end\n")).toBe(true);
});

/** A program that says where it is and goes on, with a child of its own, whatever it is told. */
function stubborn(folder: string): { hook: Hook; pids: () => number[] } {
  const loop = "while :; do read x < $0/never; done";
  const script = `trap '' TERM; echo up; mkfifo $0/never; sh -c 'trap "" TERM; echo $$ >> $0/pids; ${loop}' $0 & echo $$ >> $0/pids; ${loop}`;
  const hook = { command: ["sh", "-c", script, folder], timeLimitSeconds: 30, onFailure: "stop" } as const;
  const pids = () => {
    const path = join(folder, "pids");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").map(Number) : [];
  };
  return { hook: { ...hook, command: [...hook.command] }, pids };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}

test("after its time limit a hook and all that it started is asked to end, and ended five seconds later", async () => {
  const clock = steeredClock();
  const { hook, pids } = stubborn(tempFolder());
  const end = expect(runHooks([hook], "before", FACTS, how(clock))).rejects.toMatchObject({
    data: { reason: "it took longer than 30 s: up" },
  });
  await until(() => pids().length === 2);
  clock.advance(30_000);
  await new Promise(setImmediate);
  expect(pids().every(isAlive)).toBe(true);
  clock.advance(5000);
  await end;
  await until(() => !pids().some(isAlive));
});

test("a cancelled backup ends its hook", async () => {
  const clock = steeredClock();
  const { hook, pids } = stubborn(tempFolder());
  const controller = new AbortController();
  const end = expect(runHooks([hook], "before", FACTS, { ...how(clock), signal: controller.signal })).rejects.toThrow(
    "no more",
  );
  await until(() => pids().length === 2);
  controller.abort(new Error("no more"));
  await new Promise(setImmediate);
  clock.advance(5000);
  await end;
  await until(() => !pids().some(isAlive));
});

test.each([
  ["success", async (prepare: Prepare) => ran(prepare, "success")],
  ["incomplete", async (prepare: Prepare) => ran(prepare, "incomplete")],
  ["failed", async (prepare: Prepare) => ran(prepare, new Error("the service is gone"))],
])("hooks after a backup run when it ended as %s, all of them, and can't undo it", async (result, run) => {
  const out = join(tempFolder(), "out");
  const after = [shell("exit 1"), shell(`echo $HOLDFAST_PHASE $HOLDFAST_RESULT >> ${out}`)];
  const done = withHooks({ hooks: { before: [], after }, ...FACTS, ...how() }, run);
  if (result === "failed") await expect(done).rejects.toThrow("the service is gone");
  else await expect(done).resolves.toMatchObject({ report: { result }, failures: [{ code: "hook/failed" }] });
  expect(readFileSync(out, "utf8")).toBe(`after ${result}\n`);
});

test("a hook that stops the backup is followed by those after it: they clean up", async () => {
  const out = join(tempFolder(), "out");
  const hooks = { before: [shell("exit 1")], after: [shell(`echo $HOLDFAST_RESULT > ${out}`)] };
  const done = withHooks({ hooks, ...FACTS, ...how() }, (prepare) => ran(prepare, "success"));
  await expect(done).rejects.toMatchObject({ code: "hook/failed" });
  expect(readFileSync(out, "utf8")).toBe("failed\n");
});

test("a backup that never began needs no hooks, not even those after it", async () => {
  const { ran, ...rest } = how();
  const hooks = { before: [shell("true")], after: [shell("true")] };
  const run = async () => {
    throw new Error("no service");
  };
  await expect(withHooks({ hooks, ...FACTS, ...rest }, run)).rejects.toThrow("no service");
  expect(ran).toEqual([]);
});

async function ran(prepare: Prepare, end: "success" | "incomplete" | Error) {
  await prepare(new AbortController().signal);
  if (end instanceof Error) throw end;
  return { result: end };
}

const escaped = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
