/** One of one's own machines: how it is, what to do if it isn't well, and the way to its files. */
import { Anchor, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { MachineItem } from "../../../../protocol/messages/lists.ts";
import type { AttentionItem } from "../../../../protocol/messages/overview.ts";
import { text } from "../../messages/messages.ts";
import { StatusBadge } from "../../parts/charts/status-badge.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";

const ownMachines = text.ownMachines;

export interface OwnMachineCardProps {
  readonly machine: MachineItem;
  /** undefined: it is well, or suspended. */
  readonly trouble: AttentionItem | undefined;
}

export function OwnMachineCard({ machine, trouble }: OwnMachineCardProps) {
  const { id, name, os, state, lastUpdateAt, usedBytes, limitBytes } = machine;
  const isSuspended = state === "suspended";
  const next = isSuspended ? ownMachines.next.suspended : trouble && ownMachines.next[trouble.cause];
  const used = formatBytes(usedBytes);
  return (
    <Paper withBorder p="md" radius="md" component="article" aria-label={visibleText(name)}>
      <Stack gap="sm" h="100%" justify="space-between">
        <Stack gap={6}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Title order={3} size="h5">
              <Anchor component={Link} href={paths.machine(id)} inherit>
                <NameText value={name} />
              </Anchor>
            </Title>
            <Text size="sm" fw={600} component="div" className="attention-since">
              <StatusBadge status={isSuspended ? "suspended" : (trouble?.status ?? "on-time")} />
            </Text>
          </Group>
          <Text size="xs" c="dimmed">
            <NameText value={os} />
          </Text>
          <Text size="sm" component="div">
            <Text span inherit c="dimmed">
              {ownMachines.lastUpdate}:
            </Text>{" "}
            <RelativeTime at={lastUpdateAt} />
          </Text>
          <Text size="sm">
            <Text span inherit c="dimmed">
              {ownMachines.used}:
            </Text>{" "}
            {limitBytes === null ? used : text.charts.usedOf(used, formatBytes(limitBytes))}
          </Text>
          {trouble && <Text size="sm">{trouble.message}</Text>}
          {next && (
            <Text size="sm" fw={500}>
              {next}
            </Text>
          )}
        </Stack>
        <Group gap="sm">
          <Button
            component={Link}
            href={paths.restoreMachine(id)}
            size="xs"
            aria-label={`${ownMachines.restore}: ${visibleText(name)}`}
          >
            {ownMachines.restore}
          </Button>
          <Button
            component={Link}
            href={paths.backups({ machine: id })}
            size="xs"
            variant="default"
            aria-label={`${ownMachines.records}: ${visibleText(name)}`}
          >
            {ownMachines.records}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
