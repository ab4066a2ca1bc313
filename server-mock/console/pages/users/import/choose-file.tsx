/** A file by a button or dropped. */
import { Button, FileButton, Group, Text } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { formatBytes } from "../../../../../base/format-bytes.ts";
import { text } from "../../../messages/messages.ts";
import { NameText, visibleText } from "../../../parts/name-text.tsx";

const { import: words } = text.users;

export interface ChooseFileProps {
  readonly file: File | undefined;
  readonly onFile: (file: File | undefined) => void;
}

export function ChooseFile({ file, onFile }: ChooseFileProps) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    onFile(event.dataTransfer.files[0] ?? undefined);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button in it is for everybody.
    <div
      className={isOver ? "drop-place drop-place-over" : "drop-place"}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Group gap="sm" justify="center">
        {file === undefined ? (
          <Text size="sm">{words.drop}</Text>
        ) : (
          <Text size="sm" fw={600}>
            <NameText value={words.chosen(visibleText(file.name), formatBytes(file.size))} />
          </Text>
        )}
        <FileButton
          accept=".csv,text/csv"
          onChange={(chosen) => chosen !== null && onFile(chosen)}
          inputProps={{ "aria-label": words.choose }}
        >
          {(props) => (
            <Button variant="default" {...props}>
              {file === undefined ? words.choose : words.another}
            </Button>
          )}
        </FileButton>
      </Group>
    </div>
  );
}
