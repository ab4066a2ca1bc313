/** The menu at the left: what there is for whom. What somebody may not do is not greyed, it isn't there. */
import type { Capability } from "../../../protocol/capabilities.ts";
import { text } from "../messages/messages.ts";
import { paths } from "../paths.ts";
import type { Session } from "../session/session.tsx";

export interface MenuItem {
  readonly label: string;
  readonly href: string;
}

export interface MenuSection {
  readonly title: string;
  readonly items: readonly MenuItem[];
}

interface Row extends MenuItem {
  readonly needs?: Capability;
  /** Not for top-level admins, who have no organization of their own, or for them alone. */
  readonly owner?: boolean;
}

const { items, sections } = text.shell;

const ADMIN: readonly { readonly title: string; readonly items: readonly Row[] }[] = [
  {
    title: sections.backups,
    items: [
      { label: items.overview, href: paths.overview() },
      { label: items.alerts, href: paths.alerts(), needs: "alerts.view" },
      { label: items.restore, href: paths.restore(), needs: "restores.create" },
    ],
  },
  {
    title: sections.users,
    items: [
      { label: items.users, href: paths.users(), needs: "users.view" },
      { label: items.machines, href: paths.machines(), needs: "machines.view" },
      { label: items.newUser, href: paths.newUser(), needs: "users.create", owner: false },
      { label: items.accounts, href: paths.accounts(), needs: "users.view" },
      { label: items.groups, href: paths.groups(), needs: "groups.view" },
      { label: items.keys, href: paths.keys(), needs: "keys.view" },
      { label: items.resources, href: paths.resources(), needs: "organization.view", owner: false },
    ],
  },
  {
    title: sections.records,
    items: [
      { label: items.backups, href: paths.backups(), needs: "machines.view" },
      { label: items.restores, href: paths.restores(), needs: "restores.view" },
      { label: items.reports, href: paths.reports(), needs: "reports.view" },
      { label: items.emailAlerts, href: paths.emailAlerts(), needs: "alerts.view" },
      { label: items.audit, href: paths.audit(), needs: "audit.view" },
    ],
  },
  {
    title: sections.configuration,
    items: [
      { label: items.policies, href: paths.policies(), needs: "policies.view", owner: false },
      { label: items.retention, href: paths.retention(), needs: "policies.view", owner: false },
    ],
  },
  {
    title: sections.administration,
    items: [
      { label: items.roles, href: paths.roles(), needs: "roles.view", owner: false },
      { label: items.admins, href: paths.admins(), needs: "roles.view", owner: false },
      { label: items.organization, href: paths.organization(), needs: "organization.view", owner: false },
      { label: items.mails, href: paths.mails(), needs: "organization.view" },
      { label: items.webhooks, href: paths.webhooks(), needs: "organization.view", owner: false },
    ],
  },
  {
    title: sections.service,
    items: [
      { label: items.organizations, href: paths.organizations(), needs: "organizations.view" },
      { label: items.owners, href: paths.owners(), needs: "service.view" },
      { label: items.service, href: paths.service(), needs: "service.view" },
    ],
  },
  {
    title: sections.own,
    items: [
      { label: items.me, href: paths.me() },
      { label: items.notifications, href: paths.notifications(), owner: false },
    ],
  },
];

const USER: readonly MenuSection[] = [
  {
    title: sections.backups,
    items: [
      { label: items.ownMachines, href: paths.overview() },
      { label: items.restore, href: paths.restore() },
      { label: items.install, href: paths.install() },
    ],
  },
  {
    title: sections.records,
    items: [
      { label: items.backups, href: paths.backups() },
      { label: items.restores, href: paths.restores() },
    ],
  },
  {
    title: sections.own,
    items: [
      { label: items.me, href: paths.me() },
      { label: items.notifications, href: paths.notifications() },
    ],
  },
];

export function menuOf(session: Session): readonly MenuSection[] {
  if (session.isUser) return USER;
  const isFor = ({ needs, owner }: Row) =>
    (needs === undefined || session.can(needs)) && (owner === undefined || owner === session.isOwner);
  return ADMIN.map(({ title, items: rows }) => ({ title, items: rows.filter(isFor) })).filter(
    (section) => section.items.length > 0,
  );
}
