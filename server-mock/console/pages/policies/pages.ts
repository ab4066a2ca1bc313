import type { PageRow } from "../page-row.ts";

export const policyPages: readonly PageRow[] = [
  {
    path: "/policies",
    who: "admin",
    needs: "policies.view",
    load: async () => (await import("./policies-page.tsx")).PoliciesPage,
  },
  {
    path: "/policies/:kind",
    who: "admin",
    needs: "policies.view",
    load: async () => (await import("./policy-page.tsx")).PolicyPage,
  },
  {
    path: "/groups/:id/policies/:kind",
    who: "admin",
    needs: "policies.view",
    load: async () => (await import("./policy-page.tsx")).GroupPolicyPage,
  },
  {
    path: "/retention",
    who: "admin",
    needs: "policies.view",
    load: async () => (await import("./retention-pages.tsx")).RetentionPage,
  },
  {
    path: "/groups/:id/retention",
    who: "admin",
    needs: "policies.view",
    load: async () => (await import("./retention-pages.tsx")).GroupRetentionPage,
  },
];
