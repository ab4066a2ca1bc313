/** Stores of what the service tells people and programs. Lists are newest first; what is due is oldest first. */
import type * as rows from "./notice-rows.ts";
import type { PageOf, Scope } from "./records.ts";
import type { Reports } from "./reports.ts";
import type { Watch } from "./watch.ts";

export interface Events {
  insert(row: rows.EventRow): Promise<void>;
  find(id: string): Promise<rows.EventRow | undefined>;
  /** Oldest first. */
  listWaiting(limit: number): Promise<rows.EventRow[]>;
  /** False when somebody else has handled it. */
  setHandled(id: string, at: number): Promise<boolean>;
  removeHandled(before: number): Promise<void>;
  /** Newest first. */
  list(page: PageOf, filter: EventFilter): Promise<rows.EventRow[]>;
  /** How many of each kind; kinds without any are left out. */
  countByKind(filter: EventFilter & { readonly from: string }): Promise<ReadonlyMap<string, number>>;
}

/** Everything that is given must hold. Ids are in the order of time, so instants are given as ids. */
export interface EventFilter {
  readonly scope: Scope;
  readonly kinds: readonly string[];
  readonly machine?: string | undefined;
  /** The first that belongs to the span. */
  readonly from?: string | undefined;
  /** The first that does not. */
  readonly until?: string | undefined;
}

/** A row that is tried again and again, by whoever claims it. */
export interface Claim {
  readonly id: string;
  /** As the claimer saw it. */
  readonly attempts: number;
  /** Until then nobody else tries. */
  readonly until: number;
}

export interface Mails {
  insert(row: rows.MailRow): Promise<void>;
  find(id: string): Promise<rows.MailRow | undefined>;
  list(page: PageOf, filter: MailFilter): Promise<rows.MailRow[]>;
  listDue(now: number, limit: number): Promise<rows.MailRow[]>;
  /** Counts an attempt; false when somebody else was faster. */
  claim(claim: Claim): Promise<boolean>;
  change(id: string, columns: Partial<Omit<rows.MailRow, "id">>): Promise<void>;
  hasTopicSince(topic: string, since: number): Promise<boolean>;
  countByState(organization: string | undefined): Promise<Record<rows.MailRow["state"], number>>;
  removeBefore(at: number): Promise<void>;
}

export interface MailFilter {
  readonly organization?: string | undefined;
  readonly state?: rows.MailRow["state"] | undefined;
}

export interface Webhooks {
  insert(row: rows.WebhookRow): Promise<void>;
  find(id: string): Promise<rows.WebhookRow | undefined>;
  list(page: PageOf, organization: string | undefined): Promise<rows.WebhookRow[]>;
  listActive(organization: string): Promise<rows.WebhookRow[]>;
  change(id: string, columns: Partial<Omit<rows.WebhookRow, "id" | "organization">>): Promise<void>;
  /** With its deliveries. */
  remove(id: string): Promise<void>;
}

export interface Deliveries {
  insert(row: rows.DeliveryRow): Promise<void>;
  find(id: string): Promise<rows.DeliveryRow | undefined>;
  list(page: PageOf, webhook: string): Promise<rows.DeliveryRow[]>;
  listDue(now: number, limit: number): Promise<rows.DeliveryRow[]>;
  claim(claim: Claim): Promise<boolean>;
  change(id: string, columns: Partial<Omit<rows.DeliveryRow, "id" | "webhook">>): Promise<void>;
  removeEnded(before: number): Promise<void>;
}

export interface Alerts {
  insert(row: rows.AlertRow): Promise<void>;
  find(id: string): Promise<rows.AlertRow | undefined>;
  findOpen(openKey: string): Promise<rows.AlertRow | undefined>;
  listOpenBy(openKeys: readonly string[]): Promise<rows.AlertRow[]>;
  list(page: PageOf, filter: AlertFilter): Promise<rows.AlertRow[]>;
  /** Oldest first, of all organizations. */
  listOpen(kind: string, page: PageOf): Promise<rows.AlertRow[]>;
  countOpen(scope: Scope): Promise<{ open: number; unacknowledged: number }>;
  change(id: string, columns: Partial<Omit<rows.AlertRow, "id">>): Promise<void>;
  removeClosed(before: number): Promise<void>;
}

export interface AlertFilter {
  readonly scope: Scope;
  readonly state?: "open" | "acknowledged" | "closed" | undefined;
  readonly kind?: string | undefined;
  readonly cause?: string | undefined;
  readonly machine?: string | undefined;
}

export interface Schedules {
  insert(row: rows.ScheduleRow): Promise<void>;
  find(id: string): Promise<rows.ScheduleRow | undefined>;
  list(
    page: PageOf,
    filter: { organization?: string | undefined; madeBy?: string | undefined; kind: rows.ScheduleRow["kind"] },
  ): Promise<rows.ScheduleRow[]>;
  listDue(now: number, limit: number): Promise<rows.ScheduleRow[]>;
  change(id: string, columns: Partial<Omit<rows.ScheduleRow, "id" | "organization">>): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface NoticeStores {
  readonly events: Events;
  readonly mails: Mails;
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly alerts: Alerts;
  readonly schedules: Schedules;
  readonly watch: Watch;
  readonly reports: Reports;
}
