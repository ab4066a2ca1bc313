import { Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** One of the three steps. */
export function Step({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md" fz="sm" component="section" aria-label={title}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}
