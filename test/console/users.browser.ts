import { test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { shot } from "../support/console/shot.ts";
import { makeUser } from "../support/organizations.ts";

test.each(["light", "dark"] as const)("an admin finds a user in Search / List Users (%s)", async (colorScheme) => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  await makeUser(service, token, { email: "ann@acme.example" });
  const page = await openConsole(service, { as: service.first.admin, path: "/users", colorScheme });
  await page.getByRole("rowheader", { name: "ann@acme.example" }).waitFor();
  await shot(page, `users-${colorScheme}`);
  await expectAccessible(page);
});
