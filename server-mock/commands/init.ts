/** `holdfast-server init`: the first organization, its credentials printed once. */
import { Command } from "commander";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Domain } from "../domain/domain.ts";
import { ensureFirstOrganization, type FirstCredentials, type FirstNames } from "../first-organization.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, withDomain } from "./with-domain.ts";

interface InitOptions extends DataOption {
  readonly organization?: string;
  readonly admin?: string;
  readonly user?: string;
  readonly json?: boolean;
}

export const initCommand = (): Command =>
  new Command("init")
    .description("make the first organization, admin, user and product keys; shown once")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--organization <name>", "its name")
    .option("--admin <e-mail>", "the admin's log-in")
    .option("--user <e-mail>", "the user's log-in")
    .option("--json", "for programs")
    .action(init);

async function init({ organization, admin, user, json, ...data }: InitOptions): Promise<void> {
  const names = { organization, adminEmail: admin, userEmail: user };
  const made = await withDomain(data, (domain) => make(domain, names), { mayMake: true });
  console.log(json ? JSON.stringify(made, null, 2) : shown(made));
}

async function make(domain: Domain, names: FirstNames): Promise<FirstCredentials> {
  const made = await ensureFirstOrganization({ domain }, names);
  if (made !== undefined) return made;
  const [newest] = await domain.records.organizations.list({ limit: 1 });
  throw new HoldfastError("service/initialized", { name: newest?.name ?? "" });
}

const shown = (made: FirstCredentials): string => `Organization  ${made.organization}
Admin         ${made.admin.email}  ${made.admin.password}
User          ${made.user.email}  ${made.user.password}
Product keys  ${made.productKeys.desktop}  (desktop)
              ${made.productKeys.server}  (server)

Write these down: they are not shown again.`;
