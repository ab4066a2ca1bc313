/** `holdfast-server users`: accounts of every role. */
import { Command, Option } from "commander";
import { HoldfastError } from "../../protocol/errors.ts";
import { LIST_LIMIT_MAX } from "../../protocol/limits.ts";
import { email as emailSchema } from "../../protocol/messages/fields.ts";
import { normalEmail } from "../domain/access/log-in.ts";
import { addAccount } from "../domain/people/new-account.ts";
import { audit } from "../domain/records/audit.ts";
import { makePassword } from "../first-organization.ts";
import type { AccountRow, Role } from "../records/rows.ts";
import { findOrganization } from "./find-organization.ts";
import { parseCount, parseLimit } from "./numbers.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, OPERATOR, print, withDomain } from "./with-domain.ts";

const ROLES = ["owner", "admin", "user"] as const;
const DEVICES_MAX = 1_000_000;

interface Limits extends DataOption {
  readonly limit?: string;
  readonly desktops?: string;
  readonly servers?: string;
}

interface CreateOptions extends Limits {
  readonly name?: string;
  readonly role: Role;
  readonly organization?: string;
}

interface SetOptions extends Limits {
  readonly suspend?: boolean;
  readonly activate?: boolean;
  readonly newPassword?: boolean;
}

export function usersCommand(): Command {
  const users = new Command("users").description("list, create and change log-ins");
  const listing = users
    .command("list")
    .description("all log-ins, newest first")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION);
  listing.option("--json", "for programs").action(list);
  const creating = limits(users.command("create <e-mail>").description("a new log-in; its password is shown once"));
  creating
    .option("--name <name>", "as it is shown")
    .addOption(new Option("--role <role>", "what it may do").choices(ROLES).default("user"))
    .option("--organization <name>", "needed unless there is only one; an owner has none")
    .action(create);
  const setting = limits(users.command("set <e-mail>").description("change a log-in"));
  setting
    .option("--suspend", "refuse log-ins and backups; data is kept")
    .option("--activate", "undo --suspend")
    .option("--new-password", "make a new password, shown once")
    .action(set);
  return users;
}

const limits = (command: Command): Command =>
  command
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--limit <size>", "storage, for example 10GB, or none")
    .option("--desktops <number>", "how many desktops may be backed up")
    .option("--servers <number>", "how many servers may be backed up");

const list = ({ json = false, ...data }: DataOption & { json?: boolean }): Promise<void> =>
  withDomain(data, async (domain) => {
    const rows: AccountRow[] = [];
    for (const role of ROLES) rows.push(...(await domain.records.accounts.list({ limit: LIST_LIMIT_MAX }, { role })));
    print(rows.map(columns), json);
  });

async function create(email: string, options: CreateOptions): Promise<void> {
  if (!emailSchema.safeParse(email).success)
    throw new HoldfastError("argument/invalid", { argument: email, reason: "it is not an e-mail address" });
  await withDomain(options, async (domain) => {
    const organization = options.role === "owner" ? null : await findOrganization(domain, options.organization);
    const password = makePassword(domain.random);
    const hashed = await domain.passwords.hash(password);
    const { role, name = email } = options;
    await domain.records.transaction(async (stores) => {
      const wanted = { desktopDevices: 1, serverDevices: 1, ...parseLimits(options) };
      const group =
        role === "user" && organization !== null ? await stores.groups.findDefault(organization) : undefined;
      const fields = { organization, role, email, name, password: hashed, userGroup: group?.id ?? null };
      await addAccount(domain, stores, { ...fields, ...wanted });
      await audit(domain, stores, { ...OPERATOR, organization, action: "users/create", subject: email, detail: role });
    });
    console.log(`${email}  ${password}`);
  });
}

async function set(email: string, options: SetOptions): Promise<void> {
  await withDomain(options, async (domain) => {
    const { records } = domain;
    const account = await records.accounts.findByLogin(normalEmail(email));
    if (account === undefined) throw new HoldfastError("user/missing");
    const password = options.newPassword ? makePassword(domain.random) : undefined;
    const wanted = options.suspend ? ("suspended" as const) : options.activate ? ("active" as const) : undefined;
    // Who has a password is active.
    const state = wanted ?? (password !== undefined && account.state === "inactive" ? "active" : undefined);
    const columns = {
      ...parseLimits(options),
      ...(state === undefined ? {} : { state }),
      ...(password === undefined ? {} : { password: await domain.passwords.hash(password) }),
    };
    if (Object.keys(columns).length === 0)
      throw new HoldfastError("argument/invalid", { argument: "users set", reason: "nothing to change was named" });
    await records.transaction(async (stores) => {
      await stores.accounts.change(account.id, columns);
      if (password !== undefined) await stores.tokens.removeOf({ account: account.id });
      const detail = Object.keys(columns).join(", ");
      const { organization } = account;
      await audit(domain, stores, {
        ...OPERATOR,
        organization,
        action: "users/change",
        subject: account.login,
        detail,
      });
    });
    if (password !== undefined) console.log(`${account.login}  ${password}`);
  });
}

function parseLimits({ limit, desktops, servers }: Limits) {
  return {
    ...(limit === undefined ? {} : { limitBytes: parseLimit("--limit", limit) }),
    ...(desktops === undefined ? {} : { desktopDevices: parseCount("--desktops", desktops, { max: DEVICES_MAX }) }),
    ...(servers === undefined ? {} : { serverDevices: parseCount("--servers", servers, { max: DEVICES_MAX }) }),
  };
}

const columns = (row: AccountRow) => ({
  email: row.login,
  name: row.name,
  role: row.role,
  state: row.state,
  usedBytes: row.usedBytes,
  limitBytes: row.limitBytes ?? "none",
  desktops: row.desktopDevices,
  servers: row.serverDevices,
});
