/** The control socket: who may connect, what is understood, and that nobody who asks can hold up the agent or somebody else. */
import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { askAgent } from "./control-client.ts";
import { type Answer, serveControl } from "./control-server.ts";
import { type ControlAnswer, type ControlRequest, LINE_BYTES_MAX } from "./messages.ts";
import { socketAddress } from "./socket-address.ts";

/** Says `log` lines until whoever asked has gone; `gone` counts those who have. */
function talker() {
  const seen = { gone: 0 };
  const answer: Answer = async function* (request, signal) {
    if (request.op !== "logs") return yield { kind: "done", pausedUntil: 7 };
    yield { kind: "log", line: "x".repeat(10 * request.lines) };
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    seen.gone++;
  };
  return { seen, answer };
}

async function served(dataFolder = tempFolder(), answer: Answer = talker().answer) {
  const server = await serveControl(dataFolder, answer);
  onTestFinished(async () => await server[Symbol.asyncDispose]());
  return dataFolder;
}

async function asked(dataFolder: string, request: ControlRequest): Promise<ControlAnswer[]> {
  const answers: ControlAnswer[] = [];
  for await (const answer of askAgent(dataFolder, request)) answers.push(answer);
  return answers;
}

/** Writes raw text; the lines that come back until the agent hangs up or has said `lines` of them. */
async function said(dataFolder: string, text: string, lines: number): Promise<string[]> {
  const socket = await opened(dataFolder);
  socket.write(text);
  let got = "";
  for await (const piece of socket) {
    got += String(piece);
    if (got.split("\n").length > lines) break;
  }
  return got.split("\n").slice(0, -1);
}

async function opened(dataFolder: string): Promise<Socket> {
  const socket = connect(join(dataFolder, "control.sock"));
  await new Promise<void>((resolve, reject) => socket.once("connect", () => resolve()).once("error", reject));
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => socket.destroy());
  return socket;
}

test("the socket is its owner's alone", async () => {
  const folder = await served();
  expect(statSync(join(folder, "control.sock")).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform !== "linux")("a data folder with a long path has a socket, too", async () => {
  const folder = join(tempFolder(), "d".repeat(120), "e".repeat(120));
  mkdirSync(folder, { recursive: true });
  await served(folder);
  expect(await asked(folder, { op: "resume" })).toMatchObject([{ kind: "done" }]);
});

test("a path that is too long is told where nothing helps, and no folder is no agent", async () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform");
  try {
    Object.defineProperty(process, "platform", { value: "darwin" });
    expect(() => socketAddress(`/${"d".repeat(200)}`)).toThrow(
      expect.objectContaining({ code: "agent/path-too-long" }),
    );
  } finally {
    Object.defineProperty(process, "platform", platform ?? {});
  }
  for (const name of ["nowhere", "n".repeat(200)])
    await expect(asked(join(tempFolder(), name), { op: "status" })).rejects.toMatchObject({
      code: "agent/not-running",
    });
});

test("a socket that a dead agent left behind answers as none, and the next agent takes its place", async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "control.sock"), "");
  await expect(asked(folder, { op: "status" })).rejects.toMatchObject({ code: "agent/not-running" });
  await served(folder);
  expect(await asked(folder, { op: "resume" })).toMatchObject([{ kind: "done" }]);
});

test.skipIf(process.geteuid?.() === 0)("the agent of somebody else is told as such", async () => {
  const folder = await served();
  chmodSync(folder, 0);
  await expect(asked(folder, { op: "status" })).rejects.toMatchObject({ code: "agent/no-access" });
});

test.each([
  ["no JSON", "hello\n"],
  ["an unknown request", '{"op":"explode"}\n'],
  ["words too many", '{"op":"pause","forMs":1,"also":2}\n'],
  ["a time beyond all bounds", '{"op":"pause","forMs":1e300}\n'],
  ["a line without end", "x".repeat(LINE_BYTES_MAX + 2)],
])("%s is refused, and the next one is answered", async (_, text) => {
  const folder = await served();
  const [line = "{}"] = await said(folder, text, 1);
  expect(JSON.parse(line)).toMatchObject({ kind: "failed", error: { code: "agent/bad-request" } });
  expect(await asked(folder, { op: "resume" })).toMatchObject([{ kind: "done" }]);
});

test("requests on one line each are answered in turn, in pieces or together; half of one by nobody", async () => {
  const folder = await served();
  expect(await said(folder, '{"op":"resume"}\n{"op":"cancel"}\n{"op":"res', 2)).toHaveLength(2);
  const socket = await opened(folder);
  for (const piece of ['{"op":', '"resume"}', "\n"]) socket.write(piece);
  expect(String((await socket[Symbol.asyncIterator]().next()).value)).toContain("done");
});

test("whoever goes away in the middle of an answer is noticed: a hundred of them leave room for the next", async () => {
  const { seen, answer } = talker();
  const folder = await served(tempFolder(), answer);
  for (let n = 0; n < 100; n++) {
    const socket = await opened(folder);
    socket.write('{"op":"logs","follow":true,"lines":1}\n');
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
  }
  await expect.poll(() => seen.gone).toBe(100);
  expect(await asked(folder, { op: "resume" })).toMatchObject([{ kind: "done" }]);
});

test("a reader that does not read holds up neither others nor the agent's end", async () => {
  const folder = tempFolder();
  const server = await serveControl(folder, talker().answer);
  const lazy = await opened(folder);
  lazy.pause();
  for (let n = 0; n < 50; n++) lazy.write('{"op":"logs","lines":10000}\n');
  expect(await asked(folder, { op: "resume" })).toMatchObject([{ kind: "done" }]);
  await server[Symbol.asyncDispose]();
  await expect(asked(folder, { op: "resume" })).rejects.toMatchObject({ code: "agent/not-running" });
});

test("an agent that hangs is told after a while", async () => {
  const folder = await served(tempFolder(), async function* (_, signal) {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  });
  const answer = askAgent(folder, { op: "status" }, undefined, 50).next();
  await expect(answer).rejects.toMatchObject({ code: "agent/no-answer" });
});

test("an agent that ends in the middle of an answer has said so; one that says nonsense is not understood", async () => {
  const folder = await served(tempFolder(), async function* () {
    yield { kind: "log", line: "first" };
    throw new Error("a bug");
  });
  await expect(asked(folder, { op: "status" })).rejects.toMatchObject({ kind: "bug" });
  const other = tempFolder();
  const server = await serveControl(other, talker().answer);
  const following = asked(other, { op: "logs", follow: true });
  following.catch(() => undefined);
  await opened(other);
  await server[Symbol.asyncDispose]();
  await expect(following).rejects.toMatchObject({ code: "agent/not-running" });
});
