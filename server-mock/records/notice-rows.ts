/** Rows of what the service tells people and programs: events, mails, webhooks, alerts, schedules. As `rows.ts`. */
import type { Flag } from "./rows.ts";

/** What happened, kept until mails and webhooks were made of it, and a while longer. */
export interface EventRow {
  readonly id: string;
  readonly organization: string;
  /** Of `protocol/events.ts`. */
  readonly kind: string;
  readonly at: number;
  readonly machine: string | null;
  /** Whom it concerns. */
  readonly account: string | null;
  /** The group that it happened in; null: what concerns the whole organization. */
  readonly userGroup: string | null;
  /** JSON. */
  readonly detail: string;
  readonly handledAt: number | null;
}

export interface MailRow {
  readonly id: string;
  readonly organization: string | null;
  readonly account: string | null;
  /** Of `domain/mail/letters.ts`. */
  readonly letter: string;
  /** What it is about: the same is not told again and again. */
  readonly topic: string | null;
  readonly recipient: string;
  /** Name beside the service's address. */
  readonly sender: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly unsubscribeUrl: string | null;
  /** JSON: the report to be attached, made as it is sent. */
  readonly attachment: string | null;
  /** Its body opens something: shown to nobody, and empty once it was sent. */
  readonly isSecret: Flag;
  readonly state: "queued" | "sent" | "failed" | "expired";
  readonly attempts: number;
  /** Not before this. Whoever sends it now moves it on, so that nobody else does. */
  readonly nextAt: number;
  /** Nobody wants it any more then. */
  readonly uselessAt: number | null;
  /** What the mail server said last. */
  readonly problem: string | null;
  readonly createdAt: number;
  readonly sentAt: number | null;
}

export interface WebhookRow {
  readonly id: string;
  readonly organization: string;
  readonly url: string;
  /** JSON: kinds of events; an empty list: all. */
  readonly events: string;
  readonly secret: string;
  readonly state: "active" | "disabled";
  /** Since when nothing arrives; null: the last one did. */
  readonly failingSince: number | null;
  readonly version: number;
  readonly createdAt: number;
}

export interface DeliveryRow {
  readonly id: string;
  readonly organization: string;
  readonly webhook: string;
  readonly event: string;
  readonly kind: string;
  /** JSON: what is sent. */
  readonly body: string;
  readonly state: "waiting" | "delivered" | "failed";
  readonly attempts: number;
  readonly nextAt: number;
  /** Of the last answer. */
  readonly status: number | null;
  readonly problem: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

/** Something is not as it should be, until it is again. */
export interface AlertRow {
  readonly id: string;
  /** null: the whole service. */
  readonly organization: string | null;
  readonly userGroup: string | null;
  readonly account: string | null;
  readonly machine: string | null;
  /** Of `protocol/messages/alerts.ts`. */
  readonly kind: string;
  /** Name of what it is about. */
  readonly subject: string;
  /** Kind and id while it is open: there is one of each. */
  readonly openKey: string | null;
  readonly cause: string;
  /** One sentence. */
  readonly message: string;
  /** JSON. */
  readonly detail: string;
  readonly openedAt: number;
  /** When it was last found again, and how often. */
  readonly repeatedAt: number;
  readonly repeats: number;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
  readonly closedAt: number | null;
}

/** A summary or a report that is mailed again and again. */
export interface ScheduleRow {
  readonly id: string;
  readonly organization: string;
  readonly kind: "summary" | "report";
  /** Account: what is sent is what this one may see. */
  readonly madeBy: string;
  readonly subject: string;
  readonly frequency: "daily" | "weekly" | "monthly";
  /** JSON: `scheduleTiming` of protocol/messages/schedules.ts. */
  readonly timing: string;
  /** JSON: ids of groups; null: all that the maker sees. */
  readonly scopeGroups: string | null;
  /** JSON: e-mail addresses. */
  readonly recipients: string;
  /** JSON: modules of a summary; name and parameters of a report. */
  readonly content: string;
  readonly isActive: Flag;
  readonly nextAt: number;
  readonly lastAt: number | null;
  readonly version: number;
  readonly createdAt: number;
}

/** By the names of their tables. */
export interface NoticeTables {
  readonly events: EventRow;
  readonly mails: MailRow;
  readonly webhooks: WebhookRow;
  readonly deliveries: DeliveryRow;
  readonly alerts: AlertRow;
  readonly schedules: ScheduleRow;
}
