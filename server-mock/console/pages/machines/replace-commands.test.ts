import { expect, test } from "vitest";
import { recoverCommand, replaceCommand, shellWord } from "./replace-commands.ts";

test.each([
  ["ann@acme.example", "ann@acme.example"],
  ["o'neil@acme.example", `'o'\\''neil@acme.example'`],
  ["a;rm -rf $HOME", "'a;rm -rf $HOME'"],
])("%s is one word for a shell", (word, quoted) => {
  expect(shellWord(word)).toBe(quoted);
});

test("commands name service, machine and user", () => {
  const service = "https://backup.example.org";
  expect(recoverCommand({ service, machine: "ab".repeat(16), user: "ann@acme.example" })).toBe(
    `holdfast register --service ${service} --email ann@acme.example --recover --machine ${"ab".repeat(16)}`,
  );
  expect(replaceCommand({ service, code: "ABCDE-FGHJK" })).toBe(
    `holdfast register --service ${service} --replace ABCDE-FGHJK`,
  );
});
