/** Page numbers, only when there is more than one page. */
import { Button, Group, NativeSelect, Text } from "@mantine/core";
import { text } from "../messages/messages.ts";
import type { ListState } from "./use-list.ts";

const LIMITS = ["25", "50", "100", "200"];
const SHOWN_PAGES = 7;

export interface PagesProps {
  readonly list: ListState;
  /** Where the next page begins. */
  readonly next: string | null;
  readonly total?: { readonly count: number; readonly isExact: boolean } | undefined;
}

export function Pages({ list, next, total }: PagesProps) {
  const { page, pagesSeen, limit } = list;
  const isLong = page > 1 || next !== null;
  if (!isLong && (total === undefined || total.count <= Number(LIMITS[0]))) return null;
  const reachable = Math.max(pagesSeen, next === null ? page : page + 1);
  const from = Math.max(1, Math.min(page - 3, reachable - SHOWN_PAGES + 1));
  const numbers = Array.from({ length: Math.min(SHOWN_PAGES, reachable - from + 1) }, (_, index) => from + index);
  const of =
    total === undefined
      ? undefined
      : `${Math.ceil(total.count / limit).toLocaleString("en")}${total.isExact ? "" : "+"}`;
  return (
    <Group gap="xs" align="center">
      <NativeSelect
        aria-label={text.common.rowsPerPage}
        size="xs"
        value={String(limit)}
        onChange={(event) => list.setLimit(Number(event.currentTarget.value))}
        data={LIMITS}
      />
      {isLong && (
        <Group component="nav" gap={4} aria-label={text.common.pages}>
          <Button
            size="xs"
            variant="default"
            disabled={page === 1}
            onClick={() => list.goTo(page - 1)}
            aria-label={text.common.previousPage}
          >
            ‹
          </Button>
          {numbers.map((number) => (
            <Button
              key={number}
              size="xs"
              variant={number === page ? "filled" : "default"}
              aria-label={text.common.page(number)}
              {...(number === page ? { "aria-current": "page" as const } : {})}
              onClick={() => list.goTo(number, next)}
            >
              {number}
            </Button>
          ))}
          <Button
            size="xs"
            variant="default"
            disabled={next === null}
            onClick={() => list.goTo(page + 1, next)}
            aria-label={text.common.nextPage}
          >
            ›
          </Button>
          {of !== undefined && (
            <Text size="sm" c="dimmed">
              {text.common.pageOf(page, of)}
            </Text>
          )}
        </Group>
      )}
    </Group>
  );
}
