/** One user of the first organization, and its panel. */
import type { Page } from "playwright-core";
import { GB, makeGroup, makeUser } from "../organizations.ts";
import { openConsole, startConsoleService } from "./open-console.ts";

/** What the panel says under a name. */
export const fact = (page: Page, name: string) => page.locator(`dt:text-is(${JSON.stringify(name)}) + dd`);

/** A user of the first organization, whose storage is 50 GB, in a group of its own. */
export async function startUserPanel() {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const pools = [{ kind: "all", mode: "limited", limitBytes: 50 * GB }];
  const group = await makeGroup(service, token, { name: "Sales", pools });
  const user = await makeUser(service, token, { email: "ann@acme.example", group, desktopDevices: 2 });
  const open = (path = `/users/${user.id}`) =>
    openConsole(service, { as: service.first.admin, path, mayFail: [/40[0-9]|412|422/] });
  const details = async () => (await service.call("getUser", { token, params: { user: user.id } })).json;
  return { service, token, user, open, details };
}
