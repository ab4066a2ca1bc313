/**
 * What an account can be allowed to do: an area and a verb. A role is a set of these within its scope (docs/protocol.md §Who may call); a
 * top-level admin has all of them everywhere.
 */
export const CAPABILITIES = [
  "users.view",
  "users.create",
  "users.edit",
  "users.delete",
  /** Log in as User. */
  "users.act-as",
  "groups.view",
  "groups.create",
  "groups.edit",
  "groups.delete",
  "machines.view",
  "machines.edit",
  "machines.delete",
  "keys.view",
  "keys.create",
  "keys.delete",
  "roles.view",
  "roles.create",
  "roles.edit",
  "roles.delete",
  "policies.view",
  "policies.edit",
  "restores.view",
  /** Restore files of other people's machines. */
  "restores.create",
  "reports.view",
  "reports.edit",
  "alerts.view",
  "alerts.edit",
  "audit.view",
  "organization.view",
  "organization.edit",
  "tokens.edit",
  /** Of a top-level admin only: organizations, the service's space. */
  "organizations.view",
  "organizations.create",
  "organizations.edit",
  "organizations.delete",
  "service.view",
  "service.edit",
] as const;

export type Capability = (typeof CAPABILITIES)[number];

const TOP_LEVEL = /^(organizations|service)\./;

/** What an admin of one organization can have. */
export const ORGANIZATION_CAPABILITIES: readonly Capability[] = CAPABILITIES.filter((each) => !TOP_LEVEL.test(each));

/** Of a user: own rows need none, so this is nothing. */
export const USER_CAPABILITIES: readonly Capability[] = [];
