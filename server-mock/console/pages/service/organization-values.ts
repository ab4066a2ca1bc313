/** What a top-level admin sets of an organization, as a form has it: whole GB, empty for "no limit". */
import type {
  OrganizationChange,
  OrganizationPool,
  OrganizationView,
  PoolView,
} from "../../../../protocol/messages/organizations.ts";
import { fromGigabytes, toGigabytes } from "../../parts/gigabytes.ts";

export const EDITIONS = ["home", "pro", "enterprise"] as const;
export type Edition = (typeof EDITIONS)[number];

/** Settings of yes or no that a top-level admin switches; the others are the organization's own business. */
export const SWITCHES = ["userGroups", "accountForm", "sync", "usersLogIn", "separatePools"] as const;
export type Switch = (typeof SWITCHES)[number];

export const POOL_KINDS = ["all", "desktop", "server"] as const;
type PoolKind = PoolView["kind"];

export interface PoolValues {
  readonly kind: PoolKind;
  readonly limitGb: number | "";
  readonly overageGb: number | "";
  readonly devices: number | "";
}

export type OrganizationValues = {
  readonly name: string;
  readonly edition: Edition;
  readonly subdomain: string;
  readonly settings: Readonly<Record<Switch, boolean>>;
  /** In the order of `POOL_KINDS`: the service names a wrong field by its place. */
  readonly pools: readonly PoolValues[];
};

export const organizationValues = ({
  name,
  edition,
  subdomain,
  settings,
  pools,
}: OrganizationView): OrganizationValues => {
  const { userGroups, accountForm, sync, usersLogIn, separatePools } = settings;
  return {
    name,
    edition,
    subdomain: subdomain ?? "",
    settings: { userGroups, accountForm, sync, usersLogIn, separatePools },
    pools: POOL_KINDS.map((kind) =>
      poolValues(
        kind,
        pools.find((pool) => pool.kind === kind),
      ),
    ),
  };
};

const poolValues = (kind: PoolKind, pool: PoolView | undefined): PoolValues => ({
  kind,
  limitGb: toGigabytes(pool?.limitBytes ?? null),
  overageGb: toGigabytes(pool?.overageBytes ?? null),
  devices: pool?.devices ?? "",
});

/** Kinds of storage that have limits: one for all, or two of their own. */
export const limitedKinds = ({ separatePools }: { readonly separatePools: boolean }): readonly PoolKind[] =>
  separatePools ? ["desktop", "server"] : ["all"];

/** Settings that stay as they are aren't named: some ask for the password again. */
export const organizationBody = (values: OrganizationValues, before: OrganizationValues): OrganizationChange => ({
  name: values.name.trim(),
  edition: values.edition,
  subdomain: values.subdomain.trim() === "" ? null : values.subdomain.trim(),
  settings: Object.fromEntries(
    SWITCHES.filter((key) => values.settings[key] !== before.settings[key]).map((key) => [key, values.settings[key]]),
  ),
  pools: values.pools.map((pool) => poolBody(pool, limitedKinds(values.settings).includes(pool.kind))),
});

const poolBody = ({ kind, limitGb, overageGb, devices }: PoolValues, isLimited: boolean): OrganizationPool => ({
  kind,
  ...(isLimited ? { limitBytes: fromGigabytes(limitGb), overageBytes: fromGigabytes(overageGb) } : {}),
  ...(kind === "all" ? {} : { devices: devices === "" ? null : devices }),
});
