/** View Product Keys: a dialog with the user's keys, unactivated above activated, and Send Keys. */
import { Anchor, Badge, Button, Group, Modal, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import type { ProductKeyView } from "../../../../../protocol/messages/product-keys.ts";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { useAct, useRead } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { type Column, DataTable } from "../../../parts/data-table.tsx";
import { ErrorBox } from "../../../parts/error-box.tsx";
import { visibleText } from "../../../parts/name-text.tsx";
import { notify } from "../../../parts/notify.tsx";
import { RelativeTime } from "../../../parts/relative-time.tsx";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../session/session.tsx";

const { keys: words, kinds } = text.users;

export function UserKeys({ user }: { readonly user: UserDetails }) {
  const [isOpen, setIsOpen] = useState(false);
  const answer = useRead("listProductKeys", { query: { user: user.id, limit: 200 } });
  const listed = answer.data?.items.filter(({ state }) => state !== "revoked");
  if (listed?.length === 0)
    return (
      <Text span inherit c="dimmed">
        {words.none}
      </Text>
    );
  return (
    <>
      <UnstyledButton className="change-link" onClick={() => setIsOpen(true)}>
        {words.view}
      </UnstyledButton>
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title={words.title(visibleText(user.email))} size="xl">
        {answer.error && <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />}
        <KeyLists user={user} listed={listed} />
      </Modal>
    </>
  );
}

interface KeyListsProps {
  readonly user: UserDetails;
  readonly listed: readonly ProductKeyView[] | undefined;
}

function KeyLists({ user, listed }: KeyListsProps) {
  const { can } = useSession();
  const send = useAct("sendProductKeys", { onDone: ({ sent }) => notify(words.sent(sent, visibleText(user.email))) });
  const isUsed = ({ machine }: ProductKeyView) => machine !== null;
  // Server keys and Desktop keys each stand together.
  const sorted = listed?.toSorted((a, b) => b.kind.localeCompare(a.kind));
  const parts = [
    [words.unactivated, sorted?.filter((key) => !isUsed(key))],
    [words.activated, sorted?.filter(isUsed)],
  ] as const;
  const hasUnused = (parts[0][1]?.length ?? 0) > 0;
  return (
    <Stack>
      {send.error && <ErrorBox error={send.error} />}
      {parts.map(
        ([title, rows]) =>
          rows?.length !== 0 && (
            <section key={title}>
              <Title order={3} size="h5" mb={4}>
                {title}
              </Title>
              <DataTable label={title} columns={COLUMNS} rows={rows} rowId={({ id }) => id} empty={null} />
            </section>
          ),
      )}
      <Group justify="space-between" align="flex-end">
        <Stack gap={4}>
          {can("keys.create") && (
            <Text size="sm" c="dimmed" maw={420}>
              {words.sendHint}
            </Text>
          )}
          <Anchor component={Link} href={paths.keys({ user: user.id })} size="sm">
            {words.all}
          </Anchor>
        </Stack>
        {can("keys.create") && (
          <Button
            disabled={!hasUnused}
            loading={send.isPending}
            onClick={() => send.mutate({ params: { user: user.id } })}
          >
            {words.send}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

const COLUMNS: readonly Column<ProductKeyView>[] = [
  { id: "key", title: words.key, isMain: true, cell: ({ lastGroup }) => <code>{words.shown(lastGroup)}</code> },
  { id: "type", title: words.type, cell: ({ kind }) => kinds[kind] },
  { id: "state", title: words.state, cell: ({ state }) => <Badge>{text.users.keyStates[state]}</Badge> },
  { id: "mailed", title: words.mailed, cell: ({ sentAt }) => <RelativeTime at={sentAt} /> },
  { id: "used", title: words.used, cell: ({ activatedAt }) => <RelativeTime at={activatedAt} /> },
];
