/**
 * What holds for a machine: of each setting what the nearest level says (machine before group before organization before the built-in default). The
 * account form has a word about locations and updates, too; there the stricter one wins.
 */
import { sha256 } from "../../../base/digest.ts";
import { bug } from "../../../protocol/errors.ts";
import { groupSettings } from "../../../protocol/messages/groups.ts";
import {
  type EffectiveSettings,
  effectiveSettings,
  POLICY_DEFAULTS,
  POLICY_SETTINGS,
  type PolicyLevel,
  type PolicySettings,
  policySettings,
} from "../../../protocol/messages/policies.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow } from "../../records/rows.ts";

export type SettingName = keyof typeof POLICY_SETTINGS;

export interface SaidAt {
  readonly level: Exclude<PolicyLevel, "default" | "user">;
  readonly settings: PolicySettings;
}

/** `said`: from the top downwards. */
export function combine(
  said: readonly SaidAt[],
  account: Pick<AccountRow, "locations" | "agentAutoUpdate">,
): EffectiveSettings {
  const nearest = Object.keys(POLICY_SETTINGS).map((key) => {
    const name = key as SettingName; // A key of this very object.
    const by = said.findLast(({ settings }) => settings[name] !== undefined);
    const held = by?.settings[name] ?? { value: POLICY_DEFAULTS[name], locked: false };
    return [name, { ...held, level: by?.level ?? "default" }];
  });
  return strictest(effectiveSettings.parse(Object.fromEntries(nearest)), account);
}

function strictest(
  settings: EffectiveSettings,
  { locations, agentAutoUpdate }: Pick<AccountRow, "locations" | "agentAutoUpdate">,
): EffectiveSettings {
  const { agentVersion } = settings;
  const isCloudOnly = locations === "cloud-only" && settings.locations.value !== "cloud-only";
  const isHeld = agentAutoUpdate === 0 && agentVersion.value.autoUpdate;
  return {
    ...settings,
    ...(isCloudOnly ? { locations: { value: "cloud-only", locked: true, level: "user" } as const } : {}),
    ...(isHeld
      ? { agentVersion: { value: { ...agentVersion.value, autoUpdate: false }, locked: true, level: "user" as const } }
      : {}),
  };
}

/** Equal for equal settings; which level says them makes no difference to an agent. */
export function tagOf(settings: EffectiveSettings): string {
  const told = Object.entries(settings)
    .map(([name, { value, locked }]) => [name, value, locked] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sha256(Buffer.from(JSON.stringify(told)))
    .toString("hex")
    .slice(0, 32);
}

export type Governed = Pick<MachineRow, "organization" | "userGroup" | "kind"> & { readonly id: string | undefined };

/** Of a machine, or of one that would be (without an id). */
export const effectiveFor = async (
  stores: RecordStores,
  machine: Governed,
  account: AccountRow,
): Promise<EffectiveSettings> => combine(await saidFor(stores, machine), account);

/** What would hold where `silent` is, if that level said nothing. Absent: a level above the user, or above the group. */
export const inheritedBy = async (
  stores: RecordStores,
  place: Governed & { readonly silent: string },
  account: Pick<AccountRow, "locations" | "agentAutoUpdate"> = NO_WORD,
): Promise<EffectiveSettings> => combine(await saidFor(stores, place), account);

const NO_WORD = { locations: "local-and-cloud", agentAutoUpdate: 1 } as const;

/** From the top downwards; `silent` has no policy. */
async function saidFor(
  stores: RecordStores,
  { id, organization, userGroup, kind, silent }: Governed & { readonly silent?: string },
): Promise<SaidAt[]> {
  const holders = [organization, userGroup, ...(id === undefined ? [] : [id])];
  const rows = await stores.policies.listOf(holders, kind);
  const own = (holder: string): PolicySettings => {
    const row = holder === silent ? undefined : rows.find((each) => each.holder === holder);
    return row === undefined ? {} : parseSettings(row.settings);
  };
  const [top, group] = [await stores.organizations.find(organization), await stores.groups.find(userGroup)];
  return [
    { level: "organization", settings: { ...versionsOf(top), ...own(organization) } },
    { level: "group", settings: { ...versionsOf(group), ...own(userGroup) } },
    { level: "machine", settings: id === undefined ? {} : own(id) },
  ];
}

/** What organizations and groups say of agents' versions among their settings, unless their policy says it. */
function versionsOf(row: { readonly settings: string } | undefined): PolicySettings {
  const { agentVersions } = row === undefined ? {} : groupSettings.parse(pickVersions(JSON.parse(row.settings)));
  return agentVersions === undefined ? {} : { agentVersion: { value: agentVersions, locked: false } };
}

const pickVersions = ({ agentVersions }: { agentVersions?: unknown }) => ({ agentVersions });

export async function effectiveForMachine(stores: RecordStores, machine: MachineRow): Promise<EffectiveSettings> {
  const account = await stores.accounts.find(machine.account);
  if (account === undefined) return bug("a machine without a user");
  return await effectiveFor(stores, machine, account);
}

export const parseSettings = (json: string): PolicySettings => policySettings.parse(JSON.parse(json));
