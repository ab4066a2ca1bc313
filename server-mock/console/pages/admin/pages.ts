import type { PageRow } from "../page-row.ts";

export const adminPages: readonly PageRow[] = [
  { path: "/audit", who: "admin", needs: "audit.view", load: async () => (await import("./audit-page.tsx")).AuditPage },
  {
    path: "/mails",
    who: "admin",
    needs: "organization.view",
    load: async () => (await import("./outbox-page.tsx")).OutboxPage,
  },
  {
    path: "/webhooks",
    who: "admin",
    needs: "organization.view",
    load: async () => (await import("./webhooks-page.tsx")).WebhooksPage,
  },
  {
    path: "/webhooks/new",
    who: "admin",
    needs: "organization.edit",
    load: async () => (await import("./new-webhook-page.tsx")).NewWebhookPage,
  },
  {
    path: "/webhooks/:id",
    who: "admin",
    needs: "organization.view",
    load: async () => (await import("./webhook-page.tsx")).WebhookPage,
  },
];
