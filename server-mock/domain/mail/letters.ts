/**
 * Every mail's wording, in one place. `{names}` are filled from the letter's values; a part of a kind is drawn as such in both forms, plain text
 * and HTML. `why` chooses the last line: how its reader turns such mails off, if they can.
 */

export type Part =
  | string
  | { readonly button: string; readonly url: string }
  /** Names of values: lines, a table, a text to be typed in exactly. */
  | { readonly list: string }
  | { readonly table: string }
  | { readonly code: string };

export interface Letter {
  readonly subject: string;
  readonly body: readonly Part[];
  readonly why: keyof typeof FOOTERS;
  /** Its body opens something: nobody is shown it, and it is forgotten as soon as it is sent. */
  readonly isSecret?: true;
}

export const FOOTERS = {
  account:
    "You get this mail because of your account {login} at {organization}. If you did not expect it, tell your administrator.",
  backups: "Which notices you get about your machines is up to you: {settingsUrl}",
  quota: "Notices about quotas are the switch “Business notifications”: {settingsUrl}",
  security: "Notices about security can't be turned off. If this was not meant, tell your administrator at once.",
  schedule:
    "{organization} sends this regularly to the addresses of “{schedule}”. An administrator changes that here: {settingsUrl}",
  admins: "You get this mail because you administer {organization}.",
} as const;

const HELLO = "Hello {name},";

export const LETTERS = {
  activation: {
    subject: "Activate your backup account at {organization}",
    body: [
      HELLO,
      "an account was made for you at {organization}. Your log-in is {login}. Choose a password to activate it:",
      { button: "Activate my account", url: "{link}" },
      "The link works once, until {expiresAt}.",
    ],
    why: "account",
    isSecret: true,
  },
  "password-reset": {
    subject: "Choose a new password for {organization}",
    body: [
      HELLO,
      "somebody asked for a new password for the log-in {login} at {organization}.",
      { button: "Choose a new password", url: "{link}" },
      "The link works once, until {expiresAt}. If it wasn't you, do nothing: your password stays as it is.",
    ],
    why: "account",
    isSecret: true,
  },
  instructions: {
    subject: "Set up backups with {organization}",
    body: [
      HELLO,
      "{organization} keeps backups of your computers. Your log-in is {login}.",
      "First choose a password:",
      { button: "Choose my password", url: "{link}" },
      "The link works once, until {expiresAt}. Then install the agent on each computer and register it:",
      { code: "command" },
      "You are asked for your log-in and password. Afterwards `holdfast backup <folder>` makes the first backup.",
    ],
    why: "account",
    isSecret: true,
  },
  "product-keys": {
    subject: "Your product keys for {organization}",
    body: [
      HELLO,
      "these product keys are yours; each is good for one machine of its kind:",
      { list: "keys" },
      "Install the agent on the computer, then register it with its key:",
      { code: "command" },
    ],
    why: "account",
    isSecret: true,
  },
  "temporary-password": {
    subject: "You have a temporary password at {organization}",
    body: [
      HELLO,
      "an administrator of {organization} gave your log-in {login} a temporary password. You get it from them; this mail doesn't say it.",
      { button: "Log in", url: "{link}" },
      "You choose a password of your own when you first log in.",
    ],
    why: "account",
  },
  "password-changed": {
    subject: "Your password at {organization} was changed",
    body: [
      HELLO,
      "the password of your log-in {login} was changed at {at} by {by}. Each of your computers asks for the new one when its settings are next opened.",
    ],
    why: "security",
  },
  "backup-failed": {
    subject: "Backup of {machine} failed",
    body: [
      HELLO,
      "a backup of {machine} failed at {at}: {message} ({code})",
      "{hint}",
      "Last successful backup: {lastUpdate}.",
      "The same failure is told at most once a day.",
    ],
    why: "backups",
  },
  "backup-incomplete": {
    subject: "Backup of {machine} finished with warnings",
    body: [
      HELLO,
      "a backup of {machine} was finished at {at}, but not everything could be read: {message} ({code})",
      { list: "problems" },
      "What could be read is stored.",
    ],
    why: "backups",
  },
  "backup-succeeded": {
    subject: "Backup of {machine} succeeded",
    body: [HELLO, "a backup of {machine} was finished at {at}: {files} files, {size}; {sent} were sent."],
    why: "backups",
  },
  "machine-overdue": {
    subject: "{machine} has no recent backup",
    body: [HELLO, "{machine} should be backed up every {days} days. Last successful backup: {lastUpdate}.", "{cause}"],
    why: "backups",
  },
  "quota-reached": {
    subject: "{what}: the storage quota is reached",
    body: [HELLO, "{what} uses {used} of {limit}. {consequence}"],
    why: "quota",
  },
  "quota-exceeded": {
    subject: "{what}: the storage quota is exceeded",
    body: [HELLO, "{what} uses {used} of {limit}. {consequence}"],
    why: "quota",
  },
  "count-reached": {
    subject: "{what}: the quota of {quota} is reached",
    body: [HELLO, "{what} has {used} of {limit} {quota}. {consequence}"],
    why: "quota",
  },
  "count-exceeded": {
    subject: "{what}: the quota of {quota} is exceeded",
    body: [HELLO, "{what} has {used} of {limit} {quota}. {consequence}"],
    why: "quota",
  },
  "admin-created": {
    subject: "A new administrator of {organization}",
    body: [HELLO, "{by} made {subject} an administrator of {organization} at {at}."],
    why: "security",
  },
  "second-factor-removed": {
    subject: "The second factor of {subject} was removed",
    body: [
      HELLO,
      "the second factor of {subject} was removed at {at} by {by}. A password alone is enough to log in now.",
    ],
    why: "security",
  },
  "retention-shortened": {
    subject: "Backups of {subject} are kept for less time",
    body: [HELLO, "{by} shortened the time that backups of {subject} are kept, at {at}: {detail}"],
    why: "security",
  },
  "acted-as": {
    subject: "An administrator used your account at {organization}",
    body: [HELLO, "{by} logged in as you at {at}, from {address}. What they did is in your history."],
    why: "security",
  },
  "restore-opened": {
    subject: "Files of {machine} are being restored",
    body: [HELLO, "{by} began a restore from the backups of {machine} at {at} ({detail})."],
    why: "security",
  },
  "key-changed": {
    subject: "Another key opens the backups of {machine}",
    body: [HELLO, "{by} changed who can open the backups of {machine} at {at}, from {address}: {detail}."],
    why: "security",
  },
  "webhook-disabled": {
    subject: "A webhook of {organization} was turned off",
    body: [HELLO, "{url} has not answered since {since}: {reason} It gets nothing more until it is turned on again."],
    why: "admins",
  },
  test: {
    subject: "Mails of {organization} leave",
    body: [HELLO, "this is a try: the service at {settingsUrl} can send mails."],
    why: "admins",
  },
  report: {
    subject: "{subject}",
    body: ["{title} of {organization}, {at}, is attached as {file}."],
    why: "schedule",
  },
  summary: {
    subject: "{subject}",
    body: ["{organization}, {at}"],
    why: "schedule",
  },
} as const satisfies Record<string, Letter>;

export type LetterName = keyof typeof LETTERS;
