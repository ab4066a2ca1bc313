/** Organization Settings as a form has them, and the change that they are: only what differs from what was shown. */
import type {
  OrganizationChange,
  OrganizationDetails,
  OrganizationSettings,
} from "../../../../protocol/messages/organizations.ts";

export type OrganizationValues = {
  readonly name: string;
  readonly subdomain: string;
  readonly usersLogIn: boolean;
  readonly secondFactor: OrganizationSettings["secondFactor"];
  readonly userGroups: boolean;
  readonly accountForm: boolean;
  readonly sync: boolean;
  readonly separatePools: boolean;
  /** One per line. */
  readonly installRegions: string;
  readonly overdueDays: string;
  readonly undeleteMachineDays: string;
  readonly undeleteUserDays: string;
  readonly timeZone: string;
  readonly minimumAgent: string;
  readonly pinnedAgent: string;
  readonly autoUpdate: boolean;
};

/** MIN and MAX of the API. */
export const DAYS = {
  overdueDays: { minimum: 1, maximum: 365 },
  undeleteMachineDays: { minimum: 0, maximum: 3650 },
  undeleteUserDays: { minimum: 0, maximum: 3650 },
} as const;

/** The API's name of a field → the form's. */
export const FIELDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...["usersLogIn", "secondFactor", "userGroups", "accountForm", "sync", "separatePools", "installRegions"],
      ...["overdueDays", "undeleteMachineDays", "undeleteUserDays", "timeZone"],
    ].map((name) => [`settings.${name}`, name]),
  ),
  "settings.agentVersions.minimum": "minimumAgent",
  "settings.agentVersions.pinned": "pinnedAgent",
};

export function organizationValues({
  name,
  subdomain,
  settings,
}: Pick<OrganizationDetails, "name" | "subdomain" | "settings">): OrganizationValues {
  const { usersLogIn, secondFactor, userGroups, accountForm, sync, separatePools, timeZone, agentVersions } = settings;
  return {
    ...{ name, usersLogIn, secondFactor, userGroups, accountForm, sync, separatePools, timeZone },
    subdomain: subdomain ?? "",
    installRegions: settings.installRegions.join("\n"),
    overdueDays: String(settings.overdueDays),
    undeleteMachineDays: String(settings.undeleteMachineDays),
    undeleteUserDays: String(settings.undeleteUserDays),
    minimumAgent: agentVersions.minimum ?? "",
    pinnedAgent: agentVersions.pinned ?? "",
    autoUpdate: agentVersions.autoUpdate,
  };
}

/** What was not touched is not named, so nobody else's change of it is undone. */
export function organizationChange(
  before: OrganizationValues,
  after: OrganizationValues,
): Pick<OrganizationChange, "name" | "subdomain" | "settings"> {
  const differs = (key: keyof OrganizationValues) => before[key] !== after[key];
  const given = <Key extends keyof OrganizationValues, Value>(
    key: Key,
    value: (of: OrganizationValues[Key]) => Value,
  ) => (differs(key) ? { [key]: value(after[key]) } : {});
  const same = <Value>(value: Value) => value;
  const agents = ["minimumAgent", "pinnedAgent", "autoUpdate"] as const;
  const settings = {
    ...given("usersLogIn", same),
    ...given("secondFactor", same),
    ...given("userGroups", same),
    ...given("accountForm", same),
    ...given("sync", same),
    ...given("separatePools", same),
    ...given("timeZone", same),
    ...given("installRegions", linesOf),
    ...given("overdueDays", Number),
    ...given("undeleteMachineDays", Number),
    ...given("undeleteUserDays", Number),
    ...(agents.some(differs)
      ? {
          agentVersions: {
            minimum: orNull(after.minimumAgent),
            pinned: orNull(after.pinnedAgent),
            autoUpdate: after.autoUpdate,
          },
        }
      : {}),
  };
  return {
    ...given("name", (name) => name.trim()),
    ...given("subdomain", (subdomain) => orNull(subdomain.toLowerCase())),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
  };
}

const REGIONS_MAX = 100;
const REGION_MAX = 60;

export const linesOf = (typed: string): string[] =>
  typed
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

export const areRegions = (typed: string): boolean => {
  const lines = linesOf(typed);
  return lines.length <= REGIONS_MAX && lines.every((line) => line.length <= REGION_MAX);
};

export const isDays = (typed: string, { minimum, maximum }: { minimum: number; maximum: number }): boolean =>
  /^\d{1,4}$/.test(typed.trim()) && Number(typed) >= minimum && Number(typed) <= maximum;

const orNull = (typed: string): string | null => (typed.trim() === "" ? null : typed.trim());
