/** A person with a second factor: machines are registered, recovered and restored with its code. */
import { expect, test } from "vitest";
import { openVault, recoverMachine, registerMachine } from "../../agent/index.ts";
import { codeOf, enrol } from "../support/logged-in.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

const STEP_MS = 30_000;

test("the code is asked for when there is a second factor, and only then", async () => {
  const service = await startTestService();
  const address = { url: service.address };
  let uri = "";
  let asked = 0;
  const login = {
    ...service.first.user,
    code: async () => {
      asked += 1;
      // A code is good once.
      service.clock.advance(STEP_MS);
      return codeOf(service, uri);
    },
  };
  const dataFolder = tempFolder();
  const { machine } = await registerMachine({ dataFolder, address, login, name: "den" });
  expect(asked).toBe(0);
  ({ uri } = await enrol(service, await service.logIn()));
  const again = registerMachine({ dataFolder: tempFolder(), address, login, name: "den" });
  await expect(again).rejects.toMatchObject({ code: "machine/known" });
  expect(asked).toBe(1);
  const vault = await openVault({ address, ...login, machine, source: "cli", purpose: "restore" });
  await vault[Symbol.asyncDispose]();
  expect(asked).toBe(2);
  await recoverMachine({ dataFolder: tempFolder(), address, login, machine });
  expect(asked).toBe(3);
  const { email, password } = login;
  const withoutCode = openVault({ address, email, password, machine, source: "cli", purpose: "restore" });
  await expect(withoutCode).rejects.toMatchObject({ code: "login/second-factor-needed" });
});
