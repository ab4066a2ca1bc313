/** The files that had trouble in one backup, page by page. */
import { Code, Text } from "@mantine/core";
import type { Problem } from "../../../../protocol/messages/sessions.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { Column } from "../../parts/data-table.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { useList } from "../../parts/use-list.ts";

const { problems } = text.records;

export function BackupProblems({ backup, isRunning }: { readonly backup: string; readonly isRunning: boolean }) {
  const list = useList({ keys: [] });
  const answer = useRead("listProblems", { params: { backup }, query: list.query }, { keepShown: true });
  return (
    <ListView
      label={problems.label}
      list={list}
      answer={answer}
      columns={COLUMNS}
      rowId={({ path, code }) => `${code} ${path}`}
      empty={
        <Text size="sm" c="dimmed">
          {isRunning ? problems.noneYet : problems.none}
        </Text>
      }
    />
  );
}

const COLUMNS: readonly Column<Problem>[] = [
  { id: "path", title: problems.columns.path, isMain: true, cell: ({ path }) => <NameText value={path} /> },
  { id: "code", title: problems.columns.code, cell: ({ code }) => <Code>{code}</Code> },
  { id: "message", title: problems.columns.message, cell: ({ message }) => <NameText value={message} /> },
];
