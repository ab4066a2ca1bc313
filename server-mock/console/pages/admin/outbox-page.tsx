/** The outbox: mails that wait, were sent, or could not be. */
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { MailView } from "../../../../protocol/messages/mails.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Facts } from "../../parts/facts.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { exactTime, RelativeTime } from "../../parts/relative-time.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { useList } from "../../parts/use-list.ts";
import { useSession } from "../../session/session.tsx";

const { columns: titles, states } = text.admin.mails;
const STATES = Object.entries(states).map(([value, label]) => ({ value, label }));
const COLORS = { queued: "gray", sent: "teal", failed: "red", expired: "gray" } as const;

export function OutboxPage() {
  const [open, setOpen] = useState<MailView>();
  const list = useList({ keys: ["state"] });
  const answer = useRead("listMails", { query: list.query }, { keepShown: true });
  const hint = answer.data?.hint;
  const action: Column<MailView> = {
    id: "action",
    title: titles.action,
    cell: (mail) => <Acts mail={mail} onShow={() => setOpen(mail)} />,
  };
  return (
    <Page title={text.admin.mails.list}>
      {hint && (
        <Alert color="orange" title={text.admin.mails.notSent}>
          {hint}
        </Alert>
      )}
      <ListView
        label={text.admin.mails.list}
        list={list}
        answer={answer}
        columns={[...COLUMNS, action]}
        isDense
        rowId={({ id }) => id}
        filters={[{ key: "state", label: text.admin.mails.state, options: STATES }]}
        empty={<Empty title={text.admin.mails.none} hint={text.admin.mails.noneHint} />}
      />
      <Modal
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        title={visibleText(open?.subject ?? "")}
        size="lg"
      >
        {open && <Mail mail={open} />}
      </Modal>
    </Page>
  );
}

const COLUMNS: readonly Column<MailView>[] = [
  { id: "created", title: titles.created, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { id: "recipient", title: titles.recipient, cell: ({ recipient }) => <NameText value={recipient} /> },
  { id: "subject", title: titles.subject, isMain: true, cell: ({ subject }) => <NameText value={subject} /> },
  {
    id: "state",
    title: titles.state,
    cell: ({ state }) => <StateBadge color={COLORS[state]}>{states[state]}</StateBadge>,
  },
  { id: "attempts", title: titles.attempts, isNumber: true, cell: ({ attempts }) => attempts },
  {
    id: "when",
    title: titles.when,
    cell: ({ sentAt, nextAt }) => <RelativeTime at={sentAt ?? nextAt} never={text.common.notAvailable} />,
  },
];

function Acts({ mail, onShow }: { readonly mail: MailView; readonly onShow: () => void }) {
  const { can } = useSession();
  const retry = useAct("retryMail", { onDone: () => notify(text.admin.mails.retried) });
  const { id, subject, state, isSecret } = mail;
  // What opened something was forgotten when its time was over.
  const mayRetry = can("organization.edit") && (state === "queued" || (state === "failed" && !isSecret));
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="compact-xs"
        variant="default"
        aria-label={text.admin.mails.showOf(visibleText(subject))}
        onClick={onShow}
      >
        {text.admin.mails.show}
      </Button>
      {mayRetry && (
        <Button
          size="compact-xs"
          variant="default"
          loading={retry.isPending}
          aria-label={text.admin.mails.retryOf(visibleText(subject))}
          onClick={() => retry.mutate({ params: { mail: id } }, { onError: notifyError })}
        >
          {text.admin.mails.retry}
        </Button>
      )}
    </Group>
  );
}

function Mail({ mail }: { readonly mail: MailView }) {
  const { recipient, letter, state, problem, createdAt, sentAt, isSecret } = mail;
  return (
    <Stack>
      <Facts
        rows={[
          [titles.recipient, <NameText key="recipient" value={recipient} />],
          [text.admin.mails.letter, letter],
          [titles.state, states[state]],
          [titles.created, exactTime(createdAt)],
          sentAt === null ? undefined : [states.sent, exactTime(sentAt)],
          problem === null ? undefined : [text.admin.mails.problem, <NameText key="problem" value={problem} />],
        ]}
      />
      {isSecret ? (
        <Alert color="gray">{text.admin.mails.secret}</Alert>
      ) : (
        <Text component="pre" size="sm" ff="monospace" className="mail-pre">
          {mail.text.split("\n").map(visibleText).join("\n")}
        </Text>
      )}
    </Stack>
  );
}
