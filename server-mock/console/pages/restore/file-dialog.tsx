/** One file: what is in it, its versions, and how to have it. */
import { Button, Group, Modal, Stack, Tabs, Text } from "@mantine/core";
import { useState } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { EntryView } from "../../../../protocol/messages/web-restore.ts";
import { urlOf } from "../../api/client.ts";
import { text } from "../../messages/messages.ts";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { FileContent } from "./file-content.tsx";
import { FileVersions } from "./file-versions.tsx";
import { minuteTime } from "./minute-time.ts";
import { isSelected, type Selected, type Selection } from "./selection.ts";
import { readable } from "./spelled-path.ts";

export interface ShownFile {
  readonly entry: EntryView;
  /** That has it. */
  readonly snapshot: number;
  readonly firstTab: "content" | "versions";
}

interface Taking {
  readonly webRestore: string;
  /** Absent: nothing can be selected. */
  readonly selection?: Selection;
  readonly onToggle?: (one: Selected) => void;
}

export interface FileDialogProps extends Taking {
  /** undefined: it is closed. */
  readonly shown: ShownFile | undefined;
  readonly onClose: () => void;
}

const t = text.restore;

export function FileDialog({ shown, onClose, ...taking }: FileDialogProps) {
  // What was shown stays while the dialog goes away.
  const [last, setLast] = useState(shown);
  if (shown !== undefined && shown !== last) setLast(shown);
  const file = shown ?? last;
  return (
    <Modal
      opened={shown !== undefined}
      onClose={onClose}
      size={1000}
      title={file && <NameText value={file.entry.name} />}
    >
      {file && <FilePanel key={`${file.snapshot} ${file.entry.path} ${file.firstTab}`} {...file} {...taking} />}
    </Modal>
  );
}

function FilePanel({ webRestore, entry: first, snapshot, firstTab, selection, onToggle }: ShownFile & Taking) {
  const [tab, setTab] = useState<string | null>(firstTab);
  const [version, setVersion] = useState({ entry: first, snapshot });
  const { entry } = version;
  const { path, name, kind, bytes } = entry;
  const selected: Selected = { snapshot: version.snapshot, path, name, kind, bytes };
  const isIn = selection !== undefined && isSelected(selection, selected);
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        <bdi>{visibleText(readable(path))}</bdi>
      </Text>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {[bytes === null ? "" : formatBytes(bytes), `${t.columns.modified} ${minuteTime(entry.modifiedAt)}`]
            .filter((part) => part !== "")
            .join(" · ")}
        </Text>
        <Group gap="xs">
          {onToggle && (
            <Button variant="default" onClick={() => onToggle(selected)} aria-pressed={isIn}>
              {isIn ? `✓ ${t.columns.select}` : t.columns.select}
            </Button>
          )}
          {!entry.isMissing && (
            <Button
              component="a"
              href={urlOf("readFile", { params: { webRestore }, query: { snapshot: version.snapshot, path } })}
              download
            >
              {t.download}
            </Button>
          )}
        </Group>
      </Group>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="content">{t.content}</Tabs.Tab>
          <Tabs.Tab value="versions">{t.versions}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="content" pt="sm">
          <FileContent webRestore={webRestore} entry={entry} snapshot={version.snapshot} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="sm">
          <FileVersions
            webRestore={webRestore}
            path={first.path}
            onView={(next) => {
              setVersion(next);
              setTab("content");
            }}
            {...(onToggle === undefined ? {} : { selection: selection ?? [], onToggle })}
          />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
