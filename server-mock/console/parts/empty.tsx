import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** Nothing here: why, and what to do about it. */
export function Empty({
  title,
  hint,
  action,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" className="empty">
      <Text fw={600}>{title}</Text>
      {hint && (
        <Text size="sm" c="dimmed" ta="center" maw={520}>
          {hint}
        </Text>
      )}
      {action}
    </Stack>
  );
}
