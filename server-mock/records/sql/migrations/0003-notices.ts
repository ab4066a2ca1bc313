/** What the service tells people and programs: events, mails, webhooks, alerts, schedules. */
export const NOTICES = `
  CREATE TABLE events (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, machine TEXT, account TEXT,
    detail TEXT NOT NULL, handledAt INTEGER
  ) STRICT;
  CREATE INDEX eventsWaiting ON events (id) WHERE handledAt IS NULL;
  CREATE INDEX eventsHandled ON events (handledAt) WHERE handledAt IS NOT NULL;
  CREATE TABLE mails (
    id TEXT PRIMARY KEY, organization TEXT, account TEXT, letter TEXT NOT NULL, topic TEXT, recipient TEXT NOT NULL,
    sender TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL, unsubscribeUrl TEXT, attachment TEXT,
    isSecret INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, nextAt INTEGER NOT NULL, uselessAt INTEGER,
    problem TEXT, createdAt INTEGER NOT NULL, sentAt INTEGER
  ) STRICT;
  CREATE INDEX mailsWaiting ON mails (nextAt) WHERE state = 'queued';
  CREATE INDEX mailsByOrganization ON mails (organization, id);
  CREATE INDEX mailsByTopic ON mails (topic, createdAt) WHERE topic IS NOT NULL;
  CREATE INDEX mailsByAge ON mails (createdAt);
  CREATE TABLE webhooks (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL REFERENCES organizations, url TEXT NOT NULL, events TEXT NOT NULL,
    secret TEXT NOT NULL, state TEXT NOT NULL, failingSince INTEGER, version INTEGER NOT NULL, createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX webhooksByOrganization ON webhooks (organization, id);
  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL, webhook TEXT NOT NULL REFERENCES webhooks, event TEXT NOT NULL, kind TEXT NOT NULL,
    body TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, nextAt INTEGER NOT NULL, status INTEGER, problem TEXT,
    createdAt INTEGER NOT NULL, endedAt INTEGER
  ) STRICT;
  CREATE INDEX deliveriesWaiting ON deliveries (nextAt) WHERE state = 'waiting';
  CREATE INDEX deliveriesByWebhook ON deliveries (webhook, id);
  CREATE INDEX deliveriesEnded ON deliveries (endedAt) WHERE endedAt IS NOT NULL;
  CREATE TABLE alerts (
    id TEXT PRIMARY KEY, organization TEXT, userGroup TEXT, account TEXT, machine TEXT, kind TEXT NOT NULL, subject TEXT NOT NULL,
    openKey TEXT UNIQUE, cause TEXT NOT NULL, message TEXT NOT NULL, detail TEXT NOT NULL, openedAt INTEGER NOT NULL,
    repeatedAt INTEGER NOT NULL, repeats INTEGER NOT NULL, acknowledgedAt INTEGER, acknowledgedBy TEXT, closedAt INTEGER
  ) STRICT;
  CREATE INDEX alertsByOrganization ON alerts (organization, id);
  CREATE INDEX alertsByMachine ON alerts (machine, id) WHERE machine IS NOT NULL;
  CREATE INDEX alertsOpenByKind ON alerts (kind, id) WHERE closedAt IS NULL;
  CREATE INDEX alertsOpenByOrganization ON alerts (organization, id) WHERE closedAt IS NULL;
  CREATE INDEX alertsClosed ON alerts (closedAt) WHERE closedAt IS NOT NULL;
  CREATE TABLE schedules (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL REFERENCES organizations, kind TEXT NOT NULL, madeBy TEXT NOT NULL REFERENCES accounts,
    subject TEXT NOT NULL, frequency TEXT NOT NULL, timing TEXT NOT NULL, scopeGroups TEXT, recipients TEXT NOT NULL,
    content TEXT NOT NULL, isActive INTEGER NOT NULL, nextAt INTEGER NOT NULL, lastAt INTEGER, version INTEGER NOT NULL,
    createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX machinesByUpdate ON machines (userGroup, lastUpdateAt, id) WHERE deletedAt IS NULL;
  CREATE INDEX schedulesDue ON schedules (nextAt) WHERE isActive = 1;
  CREATE INDEX schedulesByOrganization ON schedules (organization, kind, id);
`;
