/** One webhook: what it gets, whether it is on, what was sent and what came back. */
import { Alert, Button, Stack, Title } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import type { WebhookView } from "../../../../protocol/messages/webhooks.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { Theirs, useSeenVersion } from "../../parts/seen-version.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { MissingPage } from "../missing-page.tsx";
import type { PageProps } from "../page-row.ts";
import { Deliveries } from "./deliveries.tsx";
import { WebhookForm } from "./webhook-form.tsx";
import { WebhookSecret } from "./webhook-secret.tsx";

const { webhooks: says } = text.admin;
/** An organization has at most twenty. */
const WEBHOOKS_MAX = 100;

export function WebhookPage({ params }: PageProps) {
  const { data, error, refetch } = useRead("listWebhooks", { query: { limit: WEBHOOKS_MAX } });
  if (data === undefined) return error ? <ErrorBox error={error} onRetry={() => void refetch()} /> : <PageSkeleton />;
  const webhook = data.items.find(({ id }) => id === params.id);
  return webhook === undefined ? <MissingPage /> : <Details key={webhook.id} webhook={webhook} />;
}

function Details({ webhook }: { readonly webhook: WebhookView }) {
  const { can } = useSession();
  const { id, url, state, events, failingSince, createdAt } = webhook;
  const mayEdit = can("organization.edit");
  const [secret, setSecret] = useState<string>();
  const change = useAct("changeWebhook");
  const seen = useSeenVersion(webhook);
  return (
    <Page
      title={url}
      above={[[says.list, paths.webhooks()]]}
      actions={mayEdit && <Acts webhook={webhook} onSecret={setSecret} />}
    >
      {state === "disabled" && <Alert color="gray">{says.offNote}</Alert>}
      {state === "active" && failingSince !== null && <Alert color="red">{says.failingNote}</Alert>}
      <Facts
        rows={[
          [
            says.columns.state,
            <StateBadge key="state" color={state === "active" ? "teal" : "gray"}>
              {says.states[state]}
            </StateBadge>,
          ],
          failingSince === null ? undefined : [says.columns.failing, <RelativeTime key="failing" at={failingSince} />],
          [says.columns.created, <RelativeTime key="created" at={createdAt} />],
        ]}
      />
      <Stack gap="sm">
        <Title order={2} size="h4">
          {says.details}
        </Title>
        <WebhookForm
          draft={`webhook.${id}`}
          initial={{ url, scope: events.length === 0 ? "all" : "chosen", events }}
          mayEdit={mayEdit}
          notes={
            <Theirs
              seen={seen}
              current={webhook}
              fields={[
                [says.url, (of) => of.url],
                [says.events, (of) => of.events.join(", ") || says.allEvents],
                [says.columns.state, (of) => says.states[of.state]],
              ]}
            />
          }
          save={async (body) => {
            await seen.guard((ifMatch) => change.mutateAsync({ params: { webhook: id }, body, ifMatch }));
            notify(says.saved);
          }}
        />
      </Stack>
      <Deliveries webhook={id} />
      <WebhookSecret secret={secret} onKept={() => setSecret(undefined)} />
    </Page>
  );
}

interface ActsProps {
  readonly webhook: WebhookView;
  readonly onSecret: (secret: string | undefined) => void;
}

function Acts({ webhook: { id, url, state }, onSecret }: ActsProps) {
  const [, navigate] = useLocation();
  const confirm = useConfirm();
  const test = useAct("testWebhook", { onDone: () => notify(says.tested) });
  const change = useAct("changeWebhook", { onDone: ({ secret }) => onSecret(secret ?? undefined) });
  const remove = useAct("deleteWebhook", {
    rereads: false,
    onDone: () => {
      navigate(paths.webhooks());
      notify(says.deleted);
    },
  });
  const params = { webhook: id };
  // These are meant whatever else was changed meanwhile.
  const other = state === "active" ? "disabled" : "active";
  const askForSecret = async () => {
    if (!(await confirm({ title: says.newSecretTitle, body: says.newSecretBody(url), action: says.newSecret }))) return;
    change.mutate({ params, body: { newSecret: true } }, { onError: notifyError });
  };
  const askToDelete = async () => {
    const question = { title: says.deleteTitle, body: says.deleteBody(url), action: text.common.delete };
    if (await confirm({ ...question, isDangerous: true })) remove.mutate({ params }, { onError: notifyError });
  };
  return (
    <>
      {state === "active" && (
        <Button loading={test.isPending} onClick={() => test.mutate({ params }, { onError: notifyError })}>
          {says.test}
        </Button>
      )}
      <Button
        variant="default"
        onClick={() => change.mutate({ params, body: { state: other } }, { onError: notifyError })}
      >
        {state === "active" ? says.turnOff : says.turnOn}
      </Button>
      <Button variant="default" onClick={() => void askForSecret()}>
        {says.newSecret}
      </Button>
      <Button variant="default" onClick={() => void askToDelete()}>
        {text.common.delete}
      </Button>
    </>
  );
}
