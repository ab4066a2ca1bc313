/** What is selected, always in view, and what can be done with it. */
import { Button, Collapse, Group, NativeSelect, Stack, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { ArchiveRequest } from "../../../../protocol/messages/web-restore.ts";
import type { ApiError } from "../../api/api-error.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { type Selection, totalsOf, withoutSelected } from "./selection.ts";
import { readable } from "./spelled-path.ts";

export interface SelectionBarProps {
  readonly selection: Selection;
  readonly onChange: (next: Selection) => void;
  readonly onDownload: (format: NonNullable<ArchiveRequest["format"]>) => void;
  readonly onOrder: () => void;
  readonly isSending: boolean;
  readonly error: ApiError | null;
}

type Format = NonNullable<ArchiveRequest["format"]>;

const t = text.restore;
const FORMATS = Object.entries(t.formats).map(([value, label]) => ({ value, label }));

export function SelectionBar({ selection, onChange, onDownload, onOrder, isSending, error }: SelectionBarProps) {
  const [format, setFormat] = useState<Format>("zip");
  const [isListed, setIsListed] = useState(false);
  const { files, folders, bytes } = totalsOf(selection);
  if (selection.length === 0) return null;
  return (
    <section className="selection-bar" aria-label={t.selection}>
      <Stack gap="sm">
        {error !== null && <ErrorBox error={error} />}
        <Group justify="space-between" gap="sm">
          <Group gap="xs">
            <Text component="div" size="sm" role="status">
              <strong>{t.selected(files, folders)}</strong> {t.selectedNote} (
              {folders > 0 ? t.andFolders(formatBytes(bytes)) : formatBytes(bytes)})
            </Text>
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => setIsListed(!isListed)}
              aria-expanded={isListed}
              aria-label={isListed ? t.hideSelection : t.showSelection}
            >
              {isListed ? text.common.hide : text.common.show}
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => onChange([])} aria-label={t.clearSelection}>
              {t.clear}
            </Button>
          </Group>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={onOrder}>
              {t.orderThere}
            </Button>
            <NativeSelect
              aria-label={t.format}
              value={format}
              w={90}
              size="xs"
              onChange={(event) => setFormat(formatOf(event.currentTarget.value))}
              data={FORMATS}
            />
            <Button size="xs" onClick={() => onDownload(format)} loading={isSending}>
              {t.download}
            </Button>
          </Group>
        </Group>
        <Collapse expanded={isListed}>
          <ul className="selection-list">
            {selection.map((each) => (
              <li key={`${each.snapshot} ${each.path}`}>
                <Group justify="space-between" wrap="nowrap" gap="sm">
                  <Text size="sm" component="bdi" style={{ overflowWrap: "anywhere" }}>
                    {visibleText(readable(each.path))}
                  </Text>
                  <UnstyledButton
                    className="change-link"
                    aria-label={t.unselect(visibleText(each.name))}
                    onClick={() => onChange(withoutSelected(selection, each))}
                  >
                    {text.common.remove}
                  </UnstyledButton>
                </Group>
              </li>
            ))}
          </ul>
        </Collapse>
      </Stack>
    </section>
  );
}

const formatOf = (value: string): Format => (value === "tar" || value === "tar.gz" ? value : "zip");
