/** The one table of the console: columns that sort, rows that can be selected; on a phone each row is a card. */
import { Box, Checkbox, Skeleton, Table, UnstyledButton } from "@mantine/core";
import {
  type ColumnDef,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type ReactNode, useMemo } from "react";
import { text } from "../messages/messages.ts";

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the API calls this order; absent: it doesn't sort by this. */
  readonly sort?: string;
  /** Numbers and sizes. */
  readonly isNumber?: boolean;
  /** Heads its row: read first, and the card's title. */
  readonly isMain?: boolean;
}

export interface DataTableProps<Row> {
  /** What it lists, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** undefined: not there yet. */
  readonly rows: readonly Row[] | undefined;
  readonly rowId: (row: Row) => string;
  readonly sort?: { readonly by: string; readonly order: "asc" | "desc" } | undefined;
  readonly onSort?: (by: string, order: "asc" | "desc") => void;
  readonly selection?: {
    readonly ids: readonly string[];
    readonly onChange: (ids: readonly string[]) => void;
    readonly nameOf: (row: Row) => string;
  };
  readonly empty: ReactNode;
  /** For many columns: smaller, headings of two lines. */
  readonly isDense?: boolean | undefined;
}

// Order and choice are the service's: the table only shows them.
const features = tableFeatures({ rowSortingFeature, rowSelectionFeature });
const NO_ROWS: readonly never[] = [];

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, sort, onSort, selection, empty, isDense } = props;
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () =>
      columns.map(({ id, title, cell, sort }) => ({
        id,
        header: title,
        cell: ({ row }) => cell(row.original),
        enableSorting: sort !== undefined,
      })),
    [columns],
  );
  const sorted = columns.find((column) => column.sort !== undefined && column.sort === sort?.by);
  const sorting: SortingState = sorted && sort ? [{ id: sorted.id, desc: sort.order === "desc" }] : [];
  const rowSelection: RowSelectionState = Object.fromEntries((selection?.ids ?? []).map((id) => [id, true]));
  const table = useTable({
    features,
    columns: definitions,
    data: rows ?? NO_ROWS,
    getRowId: rowId,
    manualSorting: true,
    enableSortingRemoval: false,
    state: { sorting, rowSelection },
    onRowSelectionChange: (update) => {
      const next = typeof update === "function" ? update(rowSelection) : update;
      selection?.onChange(Object.keys(next).filter((id) => next[id]));
    },
  });
  const shown = table.getRowModel().rows;
  if (rows !== undefined && shown.length === 0) return <>{empty}</>;
  return (
    <Box className="table-box" tabIndex={0} role="region" aria-label={label}>
      <Table
        role="table"
        aria-label={label}
        className={isDense ? "data-table data-table-dense" : "data-table"}
        aria-busy={rows === undefined}
      >
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {selection && (
              <Table.Th role="columnheader" className="select-cell">
                <Checkbox
                  aria-label={text.common.selectAll}
                  checked={table.getIsAllRowsSelected()}
                  indeterminate={table.getIsSomeRowsSelected()}
                  onChange={table.getToggleAllRowsSelectedHandler()}
                />
              </Table.Th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows === undefined && <SkeletonRows columns={columns.length + (selection ? 1 : 0)} />}
          {shown.map((row) => (
            <Table.Tr role="row" key={row.id}>
              {selection && (
                <Table.Td role="cell" className="select-cell">
                  <Checkbox
                    aria-label={text.common.selectRow(selection.nameOf(row.original))}
                    checked={row.getIsSelected()}
                    onChange={row.getToggleSelectedHandler()}
                  />
                </Table.Td>
              )}
              {row.getAllCells().map((cell) => {
                const column = byId.get(cell.column.id);
                return column?.isMain ? (
                  <Table.Th key={cell.id} scope="row" role="rowheader" className="main-cell">
                    <table.FlexRender cell={cell} />
                  </Table.Th>
                ) : (
                  <Table.Td
                    key={cell.id}
                    role="cell"
                    data-label={column?.title}
                    {...(column?.isNumber ? { className: "number-cell" } : {})}
                  >
                    <table.FlexRender cell={cell} />
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

interface HeadCellProps<Row> extends Pick<DataTableProps<Row>, "sort"> {
  readonly column: Column<Row>;
  readonly onSort: DataTableProps<Row>["onSort"] | undefined;
}

function HeadCell<Row>({ column, sort, onSort }: HeadCellProps<Row>) {
  const { title, sort: by, isNumber } = column;
  const isSorted = by !== undefined && sort?.by === by;
  const order = isSorted ? sort?.order : undefined;
  const next = order === "asc" ? "desc" : "asc";
  return (
    <Table.Th
      role="columnheader"
      scope="col"
      {...(isNumber ? { className: "number-cell" } : {})}
      {...(by === undefined
        ? {}
        : {
            "aria-sort":
              order === undefined
                ? ("none" as const)
                : order === "asc"
                  ? ("ascending" as const)
                  : ("descending" as const),
          })}
    >
      {by === undefined || onSort === undefined ? (
        title
      ) : (
        <UnstyledButton
          className="sort-button"
          onClick={() => onSort(by, next)}
          title={next === "asc" ? text.common.sortAscending(title) : text.common.sortDescending(title)}
        >
          {title}
          <span aria-hidden="true" className="sort-mark">
            {order === undefined ? "↕" : order === "asc" ? "↑" : "↓"}
          </span>
        </UnstyledButton>
      )}
    </Table.Th>
  );
}

const SKELETON_ROWS = ["1", "2", "3", "4", "5", "6"];

function SkeletonRows({ columns }: { readonly columns: number }) {
  return SKELETON_ROWS.map((row) => (
    <Table.Tr role="row" key={row}>
      <Table.Td role="cell" colSpan={columns}>
        <Skeleton height={18} />
      </Table.Td>
    </Table.Tr>
  ));
}
