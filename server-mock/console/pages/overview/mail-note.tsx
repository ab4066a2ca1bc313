/** Nobody learns of anything while mails are not sent. */
import { Alert, Anchor, Group, Text } from "@mantine/core";
import { Link } from "wouter";
import type { Overview } from "../../../../protocol/messages/overview.ts";
import { text } from "../../messages/messages.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

export function MailNote({ mail: { hint, waiting } }: { readonly mail: Overview["mail"] }) {
  const { can } = useSession();
  if (hint === null || waiting === 0) return null;
  return (
    <Alert color="orange" title={text.overview.mailWaiting} role="note">
      <Group gap="md">
        <Text size="sm">{hint}</Text>
        {can("organization.view") && (
          <Anchor component={Link} href={paths.mails()} size="sm">
            {text.overview.outbox}: {text.overview.mailsWaiting(waiting)}
          </Anchor>
        )}
      </Group>
    </Alert>
  );
}
