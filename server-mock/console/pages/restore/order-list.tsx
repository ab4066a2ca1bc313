/** What was ordered on a machine, and how far it is. */
import { Code, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { OrderView } from "../../../../protocol/messages/restore-orders.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { exactTime, RelativeTime } from "../../parts/relative-time.tsx";
import { readable } from "./spelled-path.ts";

const LOOK_MS = 10_000;
const SHOWN_PATHS = 3;

const t = text.restore.orderList;

export interface OrderListProps {
  readonly machine: string;
  /** Not there as long as nothing was ordered. */
  readonly isHiddenWhenEmpty?: boolean;
}

export function OrderList({ machine, isHiddenWhenEmpty = false }: OrderListProps) {
  const client = useQueryClient();
  const { data, error, refetch } = useRead("listRestoreOrders", { params: { machine } }, { everyMs: LOOK_MS });
  const cancel = useAct("cancelRestoreOrder", {
    rereads: false,
    onDone() {
      notify(t.cancelled);
      void rereadRestores(client);
    },
  });
  if (isHiddenWhenEmpty && error === null && (data === undefined || data.items.length === 0)) return null;
  const action: Column<OrderView> = {
    id: "action",
    title: t.columns.action,
    cell: ({ id, state, requestedAt }) =>
      state === "waiting" && (
        <UnstyledButton
          className="change-link"
          aria-label={t.cancelNamed(exactTime(requestedAt))}
          onClick={() => cancel.mutate({ params: { order: id } }, { onError: notifyError })}
        >
          {t.cancel}
        </UnstyledButton>
      ),
  };
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {t.title}
      </Title>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {(error === null || data !== undefined) && (
        <DataTable
          label={t.title}
          columns={[...COLUMNS, action]}
          rows={data?.items}
          rowId={({ id }) => id}
          empty={<Empty title={t.none} hint={t.noneHint} />}
        />
      )}
    </Stack>
  );
}

const Note = ({ text: says }: { readonly text: string }) => (
  <Text size="xs" c="dimmed">
    {says}
  </Text>
);

/** An order is a row in Restores, too. */
export async function rereadRestores(client: ReturnType<typeof useQueryClient>): Promise<void> {
  await Promise.all(
    ["listRestoreOrders", "searchRestores"].map((name) => client.invalidateQueries({ queryKey: [name] })),
  );
}

const COLUMNS: readonly Column<OrderView>[] = [
  {
    id: "requested",
    title: t.columns.requested,
    isMain: true,
    cell: ({ requestedAt, requestedBy }) => (
      <>
        <RelativeTime at={requestedAt} />
        <Text size="xs" c="dimmed" component="bdi" display="block">
          {visibleText(requestedBy)}
        </Text>
      </>
    ),
  },
  { id: "snapshot", title: t.columns.snapshot, cell: ({ snapshot }) => t.snapshot(snapshot) },
  {
    id: "paths",
    title: t.columns.paths,
    cell: ({ paths }) => (
      <>
        {paths.slice(0, SHOWN_PATHS).map((path) => (
          <div key={path}>
            <bdi className="name-text">{visibleText(readable(path))}</bdi>
          </div>
        ))}
        {paths.length > SHOWN_PATHS && <div>{t.more(paths.length - SHOWN_PATHS)}</div>}
      </>
    ),
  },
  {
    id: "target",
    title: t.columns.target,
    cell: ({ target }) =>
      target.kind === "original" ? (
        text.restore.orderForm.original
      ) : (
        <bdi className="name-text">{visibleText(target.path)}</bdi>
      ),
  },
  {
    id: "state",
    title: t.columns.state,
    cell: ({ state, note, unasked }) => (
      <>
        {t.states[state]}
        {note !== null && <Note text={t.notes[note]} />}
        {state === "taken" && unasked && <Note text={t.unasked} />}
      </>
    ),
  },
  {
    id: "command",
    title: t.columns.command,
    cell: ({ command, state }) => state === "waiting" && <Code className="name-text">{command}</Code>,
  },
];
