/** A part of a page with its own heading, and where there is more of it. */
import { Anchor, Group, Paper, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { Link } from "wouter";

export interface PanelProps {
  readonly title: string;
  /** The list behind it: what the link says, and where it leads. */
  readonly more?: readonly [label: string, href: string] | undefined;
  readonly children: ReactNode;
}

export function Panel({ title, more, children }: PanelProps) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} withBorder p="md" radius="md">
      <Group justify="space-between" align="baseline" mb="sm" gap="sm">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {more && (
          <Anchor component={Link} href={more[1]} size="sm">
            {more[0]}
          </Anchor>
        )}
      </Group>
      {children}
    </Paper>
  );
}
