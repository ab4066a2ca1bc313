/** Every address of the console as a function: a link that points nowhere does not compile. */

const withQuery = (path: string, query: Readonly<Record<string, string | undefined>> = {}): string => {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
};

type ListQuery = Readonly<Record<string, string | undefined>>;
const at = encodeURIComponent;

export const paths = {
  overview: () => "/",
  alerts: (query?: ListQuery) => withQuery("/alerts", query),
  events: (query?: ListQuery) => withQuery("/events", query),

  users: (query?: ListQuery) => withQuery("/users", query),
  user: (id: string) => `/users/${at(id)}`,
  newUser: () => "/users/new",
  importUsers: () => "/users/import",
  accounts: (query?: ListQuery) => withQuery("/accounts", query),
  newAccount: (query?: ListQuery) => withQuery("/accounts/new", query),
  account: (id: string) => `/accounts/${at(id)}`,

  machines: (query?: ListQuery) => withQuery("/machines", query),
  machine: (id: string) => `/machines/${at(id)}`,
  machineConfiguration: (id: string) => `/machines/${at(id)}/configuration`,
  machineRetention: (id: string) => `/machines/${at(id)}/retention`,
  machineFiles: (id: string, query?: ListQuery) => withQuery(`/machines/${at(id)}/files`, query),
  moveMachines: () => "/machines/move",

  groups: () => "/groups",
  newGroup: () => "/groups/new",
  group: (id: string) => `/groups/${at(id)}`,
  keys: (query?: ListQuery) => withQuery("/product-keys", query),
  /** Client configuration of all agents of a kind. */
  policy: (kind: "desktop" | "server") => `/policies/${kind}`,
  policies: () => "/policies",
  groupPolicy: (group: string, kind: "desktop" | "server") => `/groups/${at(group)}/policies/${kind}`,
  retention: () => "/retention",
  groupRetention: (group: string) => `/groups/${at(group)}/retention`,

  restore: () => "/restore",
  restoreMachine: (machine: string, query?: ListQuery) => withQuery(`/restore/${at(machine)}`, query),

  backups: (query?: ListQuery) => withQuery("/records/backups", query),
  backup: (id: string) => `/records/backups/${at(id)}`,
  restores: (query?: ListQuery) => withQuery("/records/restores", query),

  reports: () => "/reports",
  report: (name: string, query?: ListQuery) => withQuery(`/reports/${at(name)}`, query),
  newReportSchedule: (name: string, query?: ListQuery) => withQuery(`/reports/${at(name)}/schedule`, query),
  reportSchedule: (id: string) => `/report-schedules/${at(id)}`,
  emailAlerts: () => "/email-alerts",
  newEmailAlert: () => "/email-alerts/new",
  emailAlert: (id: string) => `/email-alerts/${at(id)}`,
  audit: (query?: ListQuery) => withQuery("/audit", query),

  roles: () => "/roles",
  newRole: () => "/roles/new",
  role: (id: string) => `/roles/${at(id)}`,
  admins: () => "/admins",
  newAdmin: () => "/admins/new",
  admin: (id: string) => `/admins/${at(id)}`,
  organization: () => "/organization",
  mails: (query?: ListQuery) => withQuery("/mails", query),
  webhooks: () => "/webhooks",
  newWebhook: () => "/webhooks/new",
  webhook: (id: string) => `/webhooks/${at(id)}`,
  resources: () => "/resources",

  organizations: () => "/organizations",
  newOrganization: () => "/organizations/new",
  organizationOf: (id: string) => `/organizations/${at(id)}`,
  service: () => "/service",
  owners: () => "/owners",

  /** One's own. */
  me: () => "/account",
  notifications: () => "/account/notifications",
  install: () => "/install",
} as const;
