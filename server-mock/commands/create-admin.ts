/** `holdfast-server create-admin`: an admin of an organization, or of the whole service. */
import { Command } from "commander";
import { type Capability, ORGANIZATION_CAPABILITIES } from "../../protocol/capabilities.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { email as emailSchema } from "../../protocol/messages/fields.ts";
import type { Domain } from "../domain/domain.ts";
import { addAccount } from "../domain/people/new-account.ts";
import { audit } from "../domain/records/audit.ts";
import type { RecordStores } from "../records/records.ts";
import { findOrganization } from "./find-organization.ts";
import { type NewPasswordOptions, newPassword, withNewPassword } from "./new-password.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, OPERATOR, withDomain } from "./with-domain.ts";

interface CreateAdminOptions extends DataOption, NewPasswordOptions {
  readonly topLevel?: boolean;
  readonly organization?: string;
  readonly name?: string;
  readonly role?: string;
  readonly capabilities?: string;
}

export const createAdminCommand = (): Command =>
  withNewPassword(new Command("create-admin").argument("<e-mail>", "the log-in"))
    .description("a new admin, of an organization or of the whole service")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--top-level", "of the whole service, with every right")
    .option("--organization <name>", "of this one; needed unless there is only one")
    .option("--name <name>", "as it is shown")
    .option("--role <name>", "with the rights of this role only; without it with all of the organization's")
    .option("--capabilities <list>", "makes the role: users.view,machines.view and so on")
    .action(createAdmin);

async function createAdmin(email: string, options: CreateAdminOptions): Promise<void> {
  if (!emailSchema.safeParse(email).success) throw invalid(email, "it is not an e-mail address");
  const { topLevel = false, organization: named, role, capabilities, name = email } = options;
  if (topLevel && (named ?? role ?? capabilities) !== undefined)
    throw invalid("--top-level", "it stands alone: such an admin belongs to no organization and may do everything");
  if (capabilities !== undefined && role === undefined) throw invalid("--capabilities", "name the role with --role");
  const wanted = capabilities === undefined ? undefined : parseCapabilities(capabilities);
  await withDomain(options, async (domain) => {
    const organization = topLevel ? null : await findOrganization(domain, named);
    const password = await newPassword(domain, email, options);
    await domain.records.transaction(async (stores) => {
      const roleId =
        organization === null || role === undefined
          ? null
          : await roleOf(domain, stores, { organization, role, wanted });
      const fields = { organization, role: topLevel ? "owner" : "admin", email, name, roleId } as const;
      const { id } = await addAccount(domain, stores, { ...fields, password: password.hash });
      const act = { organization, action: "admins/create", subject: email, account: id };
      await audit(domain, stores, { ...OPERATOR, ...act, detail: role ?? (topLevel ? "top-level" : "all rights") });
    });
    console.log(password.shown === undefined ? email : `${email}  ${password.shown}`);
  });
}

async function roleOf(
  domain: Domain,
  stores: RecordStores,
  { organization, role: name, wanted }: { organization: string; role: string; wanted: Capability[] | undefined },
): Promise<string> {
  const found = await stores.roles.findByName(organization, name);
  if (wanted === undefined) {
    if (found === undefined) throw invalid("--role", `there is no role ${name}; --capabilities makes it`);
    return found.id;
  }
  if (found !== undefined) throw invalid("--role", `there is a role ${name} already; leave --capabilities out`);
  const id = domain.newId();
  const made = { id, organization, name, capabilities: JSON.stringify(wanted) };
  await stores.roles.insert({ ...made, scopeGroups: null, madeBy: null, version: 1, createdAt: domain.clock.now() });
  await audit(domain, stores, {
    ...OPERATOR,
    organization,
    action: "roles/create",
    subject: name,
    detail: wanted.join(" "),
  });
  return id;
}

function parseCapabilities(text: string): Capability[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .map((word) => {
      const known = ORGANIZATION_CAPABILITIES.find((each) => each === word);
      if (known !== undefined) return known;
      throw invalid("--capabilities", `there is no ${word}; there are ${ORGANIZATION_CAPABILITIES.join(", ")}`);
    });
}

const invalid = (argument: string, reason: string): HoldfastError =>
  new HoldfastError("argument/invalid", { argument, reason });
