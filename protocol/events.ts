/** What can happen: kinds of events that webhooks subscribe to, with one line for people. Kinds never change their meaning. */

export const EVENTS = {
  "machine.registered": "a machine was added",
  "machine.deleted": "a machine was deleted",
  "machine.undeleted": "a deleted machine came back",
  "machine.key-changed": "who can open a machine's backups was changed",
  "machine.backup-succeeded": "a backup was finished",
  "machine.backup-incomplete": "a backup was finished, but not everything could be read or stored",
  "machine.backup-failed": "a backup failed",
  "machine.backup-cancelled": "somebody stopped a backup",
  "machine.overdue": "a machine has had no successful backup for too long",
  "machine.on-time": "an overdue machine is backed up again",
  "quota.reached": "a quota is used up",
  "quota.exceeded": "a quota is exceeded",
  "user.created": "a user was added",
  "user.changed": "a user was changed, suspended or activated",
  "user.deleted": "a user was deleted",
  "policy.changed": "the configuration of agents, or how long backups are kept, was changed",
  "restore.requested": "somebody opened a restore",
  "restore.finished": "a restore ended",
  "alert.opened": "something is not as it should be",
  "alert.closed": "something is as it should be again",
  "webhook.test": "somebody tries a webhook",
} as const satisfies Record<string, string>;

export type EventKind = keyof typeof EVENTS;

export const EVENT_KINDS = Object.keys(EVENTS) as [EventKind, ...EventKind[]]; // Of the table above.
