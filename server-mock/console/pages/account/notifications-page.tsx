/** Which mails one gets; mails lead here. */
import { Anchor, Button, Checkbox, Group, List, Paper, Radio, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import type { OwnAccount } from "../../../../protocol/messages/accounts.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { notify } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { Theirs, useSeenVersion } from "../../parts/seen-version.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

const says = text.account.notifications;

export function NotificationsPage() {
  const { isOwner } = useSession();
  const { data, error, refetch } = useRead("getOwnAccount");
  if (data === undefined && error === null) return <PageSkeleton />;
  return (
    <Page title={says.title}>
      {data === undefined && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {isOwner ? (
        <Text>{says.owner}</Text>
      ) : (
        data && (
          <Paper withBorder p="md" maw={760}>
            <Choice own={data} />
          </Paper>
        )
      )}
      <Always />
    </Page>
  );
}

type Values = { readonly notifications: OwnAccount["notifications"]; readonly businessNotifications: boolean };

function Choice({ own }: { readonly own: OwnAccount }) {
  const { actor, isUser } = useSession();
  const change = useAct("changeOwnAccount");
  const seen = useSeenVersion(own);
  const { notifications, businessNotifications } = own;
  const form = useApiForm<Values>({
    draft: "account.notifications",
    initial: { notifications, businessNotifications },
  });
  const save = async (body: Values) => {
    await seen.guard((ifMatch) => change.mutateAsync({ body, ifMatch }));
    notify(says.saved);
  };
  return (
    <form onSubmit={form.sending(save)} noValidate>
      <fieldset disabled={actor !== null} className="plain-fieldset">
        <Stack>
          <FormNotes form={form} />
          <Theirs seen={seen} current={own} fields={THEIR_FIELDS} />
          <Radio.Group label={says.backups} description={says.backupsHint} {...form.getInputProps("notifications")}>
            <Stack gap="xs" mt="xs">
              {LEVELS.map((level) => (
                <Radio key={level} value={level} label={says.levels[level]} description={says.levelHints[level]} />
              ))}
            </Stack>
          </Radio.Group>
          <Checkbox
            label={says.business}
            description={isUser ? says.businessHint : says.businessAdmin}
            {...form.getInputProps("businessNotifications", { type: "checkbox" })}
          />
          {actor === null && (
            <Group>
              <Button type="submit" loading={form.isSending}>
                {text.common.save}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

const LEVELS = ["off", "less", "more", "all"] as const;

const THEIR_FIELDS: readonly (readonly [name: string, shown: (of: OwnAccount) => string])[] = [
  [says.backups, (of) => says.levels[of.notifications]],
  [says.business, (of) => (of.businessNotifications ? text.common.yes : text.common.no)],
];

function Always() {
  const { isUser, isOwner, can } = useSession();
  const list = isUser || isOwner ? says.alwaysList : [...says.alwaysList, ...says.alwaysAdmin];
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {says.always}
      </Title>
      <List size="sm">
        {list.map((each) => (
          <List.Item key={each}>{each}</List.Item>
        ))}
      </List>
      {!isUser && can("alerts.view") && (
        <Text size="sm">
          {says.regular}{" "}
          <Anchor component={Link} href={paths.emailAlerts()} inherit underline="always">
            {text.shell.items.emailAlerts}
          </Anchor>
        </Text>
      )}
    </Stack>
  );
}
