/** Add New User as the form sends it: one group, one profile, rows of names and addresses. */
import type { z } from "zod";
import { fieldOfError } from "../../../protocol/error-fields.ts";
import type { UsersCreated, usersCreate } from "../../../protocol/messages/users.ts";
import { actorOf, ownOrganization } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { createUsers, type NewUser, type NewUserOutcome } from "./new-users.ts";
import { viewUser } from "./user-views.ts";

export async function addNewUsers(
  domain: Domain,
  caller: ConsoleCaller,
  form: z.output<typeof usersCreate>,
  address: string,
): Promise<UsersCreated> {
  const organization = ownOrganization(caller, "create users");
  const { kind, devices, users, group, limitBytes, installRegion, sync, sendInstructions, allOrNothing } = form;
  const profile = { kind, group, limitBytes, installRegion, sync, ...devicesOf(kind, devices) };
  const wanted = users.map(
    (user): NewUser => ({ ...profile, ...user, isTemporary: form.temporaryPasswords, sendInstructions }),
  );
  const order = { organization, users: wanted, allOrNothing };
  const { outcomes, isKept } = await createUsers(domain, order, { ...actorOf(caller, address), caller });
  const rows: UsersCreated["rows"] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const email = users[index]?.email ?? "";
    rows.push(
      isKept || outcome.kind === "refused"
        ? await viewRow(domain, { email, outcome, form: { ...form, ...users[index] } })
        : { email, user: null, error: null },
    );
  }
  const created = isKept ? outcomes.filter((each) => each.kind === "made").length : 0;
  return { created, failed: outcomes.length - created, rows };
}

const devicesOf = (kind: "desktop" | "server", devices: number) =>
  kind === "desktop" ? { desktopDevices: devices, serverDevices: 0 } : { desktopDevices: 0, serverDevices: devices };

async function viewRow(
  { records }: Domain,
  { email, outcome, form }: { email: string; outcome: NewUserOutcome; form: object },
): Promise<UsersCreated["rows"][number]> {
  if (outcome.kind === "made") return { email, user: await viewUser(records, outcome.user), error: null };
  const { code, message, data } = outcome.error;
  // Next to which field of the form it is told; null: it is about the whole row.
  const field = fieldOfError(code, data.field, form) ?? null;
  return { email, user: null, error: { code, message, field } };
}
