import { Alert, Button, Group, Text } from "@mantine/core";
import { text } from "../messages/messages.ts";
import { paths } from "../paths.ts";
import { endActing } from "../session/acting.ts";
import { useSession } from "../session/session.tsx";

/** An admin who acts as a user is never in doubt about it. */
export function ActingBanner() {
  const { account, actor } = useSession();
  if (actor === null) return null;
  return (
    <Alert color="orange" mb="md" role="status">
      <Group justify="space-between">
        <Text size="sm">
          <bdi>{text.session.actingAs(account.email)}</bdi>
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            endActing();
            location.assign(paths.user(account.id));
          }}
        >
          {text.session.actingEnd}
        </Button>
      </Group>
    </Alert>
  );
}
