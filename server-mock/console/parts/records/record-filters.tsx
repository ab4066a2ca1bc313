/** Beside the filters of record lists: from when until when, and whose. */
import { CloseButton, Group, Pill, TextInput } from "@mantine/core";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../data-table.tsx";
import { visibleText } from "../name-text.tsx";
import type { ListState } from "../use-list.ts";
import { dayAt, dayRange } from "../zoned-day.ts";

/** Keys of the address that these set. */
export const RECORD_KEYS = ["machine", "user", "since", "until"] as const;

const { filters } = text.records;

/** Pixels: filters of Restores and the export beside them fit one line. */
const DATE_WIDTH = 142;

type Query = Readonly<Record<string, string>>;

/** Records of many machines are kept in the order of their beginnings only: without a machine, any other order falls away. */
export function inKeptOrder(query: Query, first: string): Query {
  if (query.machine !== undefined || query.sort === first) return query;
  return { ...query, sort: first, order: "desc" };
}

export function RecordFilters({ list }: { readonly list: ListState }) {
  const { since, until, machine, user } = list.choice;
  const lastDay = until === undefined ? "" : dayAt(new Date(Date.parse(until) - 1).toISOString());
  return (
    <>
      <TextInput
        type="date"
        w={DATE_WIDTH}
        label={filters.from}
        value={since === undefined ? "" : dayAt(since)}
        onChange={({ currentTarget: { value } }) =>
          list.set({ since: value === "" ? undefined : dayRange(value).since })
        }
      />
      <TextInput
        type="date"
        w={DATE_WIDTH}
        label={filters.until}
        value={lastDay}
        onChange={({ currentTarget: { value } }) =>
          list.set({ until: value === "" ? undefined : dayRange(value).until })
        }
      />
      {machine !== undefined && <OnlyMachine id={machine} onRemove={() => list.set({ machine: undefined })} />}
      {user !== undefined && <OnlyUser id={user} onRemove={() => list.set({ user: undefined })} />}
    </>
  );
}

function OnlyMachine({ id, onRemove }: { readonly id: string; readonly onRemove: () => void }) {
  const { data } = useRead("getMachine", { params: { machine: id } });
  return data === undefined ? null : <Only what={filters.onlyMachine(visibleText(data.name))} onRemove={onRemove} />;
}

function OnlyUser({ id, onRemove }: { readonly id: string; readonly onRemove: () => void }) {
  const { data } = useRead("getUser", { params: { user: id } });
  return data === undefined ? null : <Only what={filters.onlyUser(visibleText(data.email))} onRemove={onRemove} />;
}

const Only = ({ what, onRemove }: { readonly what: string; readonly onRemove: () => void }) => (
  <Group gap={2} mb={4} wrap="nowrap">
    <Pill size="md" c="var(--mantine-color-text)">
      <bdi>{what}</bdi>
    </Pill>
    <CloseButton aria-label={filters.removeFilter(what)} onClick={onRemove} />
  </Group>
);

type ColumnsOf<Row> = readonly Column<Row>[];

/** Whose they are is known where there is one user, or one machine. Made once for a page: a table whose columns are new draws every cell anew. */
export function columnChoice<Row>(all: ColumnsOf<Row>, ofOneMachine: ColumnsOf<Row>) {
  const own = all.filter(({ id }) => id !== "user");
  return (list: ListState, isUser: boolean): ColumnsOf<Row> =>
    list.choice.machine !== undefined ? ofOneMachine : isUser ? own : all;
}

export const optionsOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));
