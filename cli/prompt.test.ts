import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { tempFolder } from "../test/support/temp-folder.ts";
import { readSecret, type SecretSource } from "./prompt.ts";

const source: SecretSource = {
  what: "password",
  option: "--password-file",
  variable: "HOLDFAST_PASSWORD",
  question: "Password: ",
  command: "restore",
};

/** A terminal on which `answers` are typed, each when something was asked. */
function terminal(answers: readonly (string | Buffer)[], isTTY = true) {
  const left = [...answers];
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const shown: string[] = [];
  const stderr = Object.assign(new PassThrough(), { isTTY });
  stderr.on("data", (piece) => {
    shown.push(String(piece));
    if (/: $/.test(String(piece))) setImmediate(() => stdin.write(left.shift() ?? "\x03"));
  });
  return { streams: { stdin, stdout: new PassThrough(), stderr }, shown };
}

const { signal } = new AbortController();

test.each([
  ["typed", ["secret\r"], "secret"],
  ["corrected", ["sexx\x7f\x7fcret\n"], "secret"],
  ["begun anew", ["nonsense\x15secret\r"], "secret"],
  ["of letters that come in pieces of bytes", [Buffer.from("pässwörd 日本\r")], "pässwörd 日本"],
  ["empty at first", ["\r", "secret\r"], "secret"],
])("a secret %s is taken and never shown", async (_, answers, expected) => {
  const { streams, shown } = terminal(answers);
  expect(await readSecret(source, streams, signal)).toBe(expected);
  expect(shown.join("")).not.toMatch(/[a-z]*s[eä][cs]/);
});

test("a new secret is asked twice, again until both agree", async () => {
  const { streams, shown } = terminal(["one\r", "two\r", "three\r", "three\r"]);
  expect(await readSecret({ ...source, twice: true }, streams, signal)).toBe("three");
  expect(shown.join("")).toContain("They differ");
});

test("Ctrl-C while typing stops the command", async () => {
  const { streams } = terminal(["sec\x03"]);
  await expect(readSecret(source, streams, signal)).rejects.toMatchObject({ code: "command/interrupted" });
});

test("a file's first line comes before the environment, and that before asking", async () => {
  const file = join(tempFolder(), "password");
  writeFileSync(file, "from the file\r\nnot this\n");
  const { streams } = terminal([]);
  expect(await readSecret({ ...source, file, value: "from the environment" }, streams, signal)).toBe("from the file");
  expect(await readSecret({ ...source, value: "from the environment" }, streams, signal)).toBe("from the environment");
});

test.each([
  ["no terminal", {}],
  ["a file that is not there", { file: "/nonexistent/password" }],
  ["an empty file", { file: "/dev/null" }],
])("%s is refused at once, without waiting", async (_, given) => {
  const { streams } = terminal([], false);
  await expect(readSecret({ ...source, ...given }, streams, signal)).rejects.toMatchObject({ code: "option/invalid" });
});
