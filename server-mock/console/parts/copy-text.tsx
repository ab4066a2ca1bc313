import { Button, Code, CopyButton, Group } from "@mantine/core";
import { text } from "../messages/messages.ts";

/** A command or a key, to be copied with one press. */
export function CopyText({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="stretch" role="group" aria-label={label}>
      <Code block style={{ flex: 1, whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {value}
      </Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy} h="auto">
            {copied ? text.common.copied : text.common.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
