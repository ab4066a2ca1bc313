/** Search, filter, table, pages, and the same as a file: what every list of the console is. */
import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";
import { type Column, DataTable, type DataTableProps } from "./data-table.tsx";
import { Empty } from "./empty.tsx";
import { ErrorBox } from "./error-box.tsx";
import { FileLink } from "./file-link.tsx";
import { Pages } from "./pages.tsx";
import type { ListState } from "./use-list.ts";

export interface ListAnswer<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
  readonly total?: { readonly count: number; readonly isExact: boolean } | null;
}

export interface ListFilter {
  /** Its key in the query. */
  readonly key: string;
  readonly label: string;
  /** What no choice is called, where that isn't "All". */
  readonly otherwise?: string;
  /** Value and what it is called; the first option of all, "All", has none. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export interface ListViewProps<Row> extends Pick<DataTableProps<Row>, "selection" | "isDense"> {
  readonly label: string;
  readonly list: ListState;
  readonly answer: { readonly data: ListAnswer<Row> | undefined; readonly error: ApiError | null; refetch(): unknown };
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  readonly filters?: readonly ListFilter[];
  /** What can be searched for; absent: no search. */
  readonly searchHint?: string;
  readonly hasFullSearch?: boolean;
  /** Of the same list as CSV. */
  readonly exportUrl?: string;
  /** When there is nothing, and nothing was searched for. */
  readonly empty: ReactNode;
  /** Beside the filters. */
  readonly tools?: ReactNode;
}

export function ListView<Row extends object>(props: ListViewProps<Row>) {
  const {
    label,
    list,
    answer,
    columns,
    rowId,
    filters = [],
    searchHint,
    hasFullSearch,
    exportUrl,
    empty,
    tools,
    selection,
    isDense,
  } = props;
  const { data, error } = answer;
  const total = useTotal(list, data);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Group align="flex-end" gap="sm" role="search">
          {searchHint !== undefined && <SearchField list={list} hint={searchHint} />}
          {hasFullSearch && (
            <Checkbox
              mb={6}
              label={text.common.fullSearch}
              title={text.common.fullSearchHint}
              checked={list.isFull}
              onChange={(event) => list.set({ full: event.currentTarget.checked ? "true" : undefined })}
            />
          )}
          {filters.map(({ key, label: name, otherwise = text.common.all, options }) => (
            <NativeSelect
              key={key}
              label={name}
              maw={190}
              value={list.choice[key] ?? ""}
              onChange={(event) => list.set({ [key]: event.currentTarget.value })}
              data={[{ value: "", label: otherwise }, ...options]}
            />
          ))}
          {tools}
          {list.isNarrowed && (
            <Button variant="subtle" onClick={list.clear}>
              {text.common.clearSearch}
            </Button>
          )}
        </Group>
        {exportUrl !== undefined && (
          <FileLink href={exportUrl} name={`${label}.csv`}>
            {text.common.exportCsv}
          </FileLink>
        )}
      </Group>
      {error !== null && <ErrorBox error={error} onRetry={() => void answer.refetch()} />}
      {(error === null || data !== undefined) && (
        <DataTable
          label={label}
          columns={columns}
          rows={data?.items}
          rowId={rowId}
          sort={list.sort}
          onSort={list.onSort}
          isDense={isDense}
          {...(selection === undefined ? {} : { selection })}
          empty={
            list.isNarrowed ? <Empty title={text.common.nothingFound} hint={text.common.nothingFoundHint} /> : empty
          }
        />
      )}
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {total === undefined ? "" : text.common.rows(total.count, total.isExact)}
        </Text>
        <Pages list={list} next={data?.next ?? null} total={total} />
      </Group>
    </Stack>
  );
}

/** Comes with the first page only, and stays good for the others. */
function useTotal<Row>(
  list: ListState,
  data: ListAnswer<Row> | undefined,
): { count: number; isExact: boolean } | undefined {
  const of = JSON.stringify(list.choice);
  const known = useRef<{ of: string; total: { count: number; isExact: boolean } }>(undefined);
  if (data?.total && list.page === 1) known.current = { of, total: data.total };
  return known.current?.of === of ? known.current.total : undefined;
}

const TYPED_MS = 350;

function SearchField({ list, hint }: { readonly list: ListState; readonly hint: string }) {
  const [typed, setTyped] = useState(list.search);
  const written = useRef(list.search);
  // Cleared, or gone back, elsewhere.
  useEffect(() => {
    if (list.search !== written.current) setTyped(list.search);
    written.current = list.search;
  }, [list.search]);
  useEffect(() => {
    if (typed.trim() === written.current) return;
    const timer = setTimeout(() => {
      written.current = typed.trim();
      list.set({ search: typed.trim() });
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, list]);
  return (
    <TextInput
      type="search"
      label={text.common.search}
      placeholder={hint}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      miw={260}
    />
  );
}
