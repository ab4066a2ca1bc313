/** What is mailed regularly: reports and e-mail alerts have the same columns but one, and the same acts. */
import { Anchor, Badge, Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { type Scheduled, shownTiming } from "./schedule-values.ts";

const { columns: titles } = text.reports;

export interface ScheduledRow extends Scheduled {
  readonly id: string;
  readonly madeBy: string;
  readonly nextAt: string | null;
  readonly lastAt: string | null;
}

export interface ScheduleTableProps<Row extends ScheduledRow> {
  readonly label: string;
  readonly rows: readonly Row[] | undefined;
  readonly hrefOf: (row: Row) => string;
  /** What is sent: a report, or modules. */
  readonly content: { readonly title: string; readonly cell: (row: Row) => ReactNode };
  readonly mayEdit: boolean;
  readonly send: (id: string) => Promise<unknown>;
  readonly remove: (id: string) => Promise<unknown>;
  readonly empty: ReactNode;
}

export function ScheduleTable<Row extends ScheduledRow>(props: ScheduleTableProps<Row>) {
  const { label, rows, hrefOf, content, mayEdit, send, remove, empty } = props;
  const columns: readonly Column<Row>[] = [
    {
      id: "subject",
      title: titles.subject,
      isMain: true,
      cell: (row) => (
        <Anchor component={Link} href={hrefOf(row)} inherit>
          <NameText value={row.subject} />
        </Anchor>
      ),
    },
    { id: "content", title: content.title, cell: content.cell },
    { id: "frequency", title: titles.frequency, cell: shownTiming },
    { id: "recipients", title: titles.recipients, cell: ({ recipients }) => <Recipients addresses={recipients} /> },
    {
      id: "next",
      title: titles.next,
      cell: ({ nextAt, isActive }) =>
        isActive ? <RelativeTime at={nextAt} /> : <Badge color="gray">{text.reports.off}</Badge>,
    },
    { id: "last", title: titles.last, cell: ({ lastAt }) => <RelativeTime at={lastAt} /> },
    ...(mayEdit
      ? [
          {
            id: "action",
            title: titles.action,
            cell: (row: Row) => <Acts row={row} send={send} remove={remove} />,
          },
        ]
      : []),
  ];
  return <DataTable isDense label={label} columns={columns} rows={rows} rowId={({ id }) => id} empty={empty} />;
}

const SHOWN = 2;
const WIDTH = "11rem";

function Recipients({ addresses }: { readonly addresses: readonly string[] }) {
  const more = addresses.length - SHOWN;
  return (
    <div style={{ minWidth: WIDTH }}>
      {addresses.slice(0, SHOWN).map((address) => (
        <div key={address}>
          <NameText value={address} />
        </div>
      ))}
      {more > 0 && <div title={addresses.slice(SHOWN).join(", ")}>+ {more}</div>}
    </div>
  );
}

interface ActsProps extends Pick<ScheduleTableProps<ScheduledRow>, "send" | "remove"> {
  readonly row: ScheduledRow;
}

function Acts({ row: { id, subject, recipients }, send, remove }: ActsProps) {
  const confirm = useConfirm();
  const act = async (work: () => Promise<unknown>, said: string) => {
    try {
      await work();
      notify(said);
    } catch (error) {
      notifyError(error);
    }
  };
  const askAndRemove = async () => {
    const isWanted = await confirm({
      title: text.reports.deleteTitle(subject),
      body: text.reports.deleteBody(recipients.length),
      action: text.common.delete,
      isDangerous: true,
    });
    if (isWanted) await act(() => remove(id), text.reports.deleted(subject));
  };
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="compact-xs"
        variant="default"
        aria-label={text.reports.sendNowOf(subject)}
        onClick={() => void act(() => send(id), text.reports.sent(subject, recipients.length))}
      >
        {text.reports.sendNow}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={text.reports.deleteOf(subject)}
        onClick={() => void askAndRemove()}
      >
        {text.common.delete}
      </Button>
    </Group>
  );
}
