import { useState } from "react";
import { useLocation } from "wouter";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../paths.ts";
import { WebhookForm } from "./webhook-form.tsx";
import { WebhookSecret } from "./webhook-secret.tsx";

/** Made, then its secret is shown once. */
export function NewWebhookPage() {
  const [, navigate] = useLocation();
  const [made, setMade] = useState<{ readonly id: string; readonly secret: string }>();
  const create = useAct("createWebhook");
  return (
    <Page title={text.admin.webhooks.add} above={[[text.admin.webhooks.list, paths.webhooks()]]}>
      <WebhookForm
        draft="webhook"
        initial={{ url: "", scope: "all", events: [] }}
        save={async (body) => setMade(await create.mutateAsync({ body }))}
      />
      <WebhookSecret secret={made?.secret} onKept={() => made && navigate(paths.webhook(made.id), { replace: true })} />
    </Page>
  );
}
