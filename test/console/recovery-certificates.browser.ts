/** An organization's recovery certificates among its settings. */
import { expect, test } from "vitest";
import { makeRecoveryKey } from "../../agent/keys/recovery-key-file.ts";
import { systemRandom } from "../../base/random.ts";
import { expectAccessible } from "../support/console/accessible.ts";
import { expectFitsPhone } from "../support/console/on-phone.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";

const HOSTILE = "<img src=x onerror=alert(1)>";

test("an admin uploads a recovery certificate, sees its fingerprint, and retires it; a key does not leave the browser", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const now = service.clock.now();
  const made = await makeRecoveryKey({ name: HOSTILE, passphrase: "p", now, random: systemRandom });
  const page = await openConsole(service, { as: service.first.admin, path: "/organization" });
  const upload = async (name: string, buffer: Buffer) => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Upload Certificate" }).click(),
    ]);
    await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer });
  };
  const listed = async () => (await service.call("listRecoveryCertificates", { token })).json.items;
  await upload("acme.p12", made.p12);
  await page.getByText("That file is no certificate.").waitFor();
  expect(await listed()).toEqual([]);
  await upload("acme.pem", Buffer.from(made.certificate));
  await page.getByText("The certificate is in use.").waitFor();
  await page.getByText(HOSTILE, { exact: true }).first().waitFor();
  await page.getByText(made.fingerprint).waitFor();
  await expectAccessible(page);
  await expectFitsPhone(page);
  await page.getByRole("button", { name: `Retire ${HOSTILE}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Retire" }).click();
  await page.getByText("The certificate was retired.").waitFor();
  expect(await listed()).toMatchObject([{ retiredAt: expect.any(String) }]);
});
