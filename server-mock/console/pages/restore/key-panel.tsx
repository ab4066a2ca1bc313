/** Backups that only their owner's passphrase opens: what to run on the machine, and ordering it there. */
import { Card, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { text } from "../../messages/messages.ts";
import { CopyText } from "../../parts/copy-text.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { OrderForm } from "./order-form.tsx";
import { OrderList, rereadRestores } from "./order-list.tsx";

export interface KeyPanelProps {
  readonly machine: { readonly id: string; readonly name: string };
  /** The chosen one. */
  readonly snapshot: number;
}

const t = text.restore;

export function KeyPanel({ machine, snapshot }: KeyPanelProps) {
  const client = useQueryClient();
  return (
    <Stack gap="lg">
      <Card withBorder component="section" padding="md">
        <Stack gap="sm">
          <Title order={2} size="h4">
            {t.key.title}
          </Title>
          <Text size="sm">{t.key.body(visibleText(machine.name))}</Text>
          <RestoreCommand snapshot={snapshot} />
          <Text size="sm" c="dimmed">
            {t.key.date}
          </Text>
        </Stack>
      </Card>
      <Card withBorder component="section" padding="md">
        <Stack gap="sm">
          <Title order={2} size="h4">
            {t.orderForm.title}
          </Title>
          <OrderForm machine={machine.id} snapshot={snapshot} onDone={() => void rereadRestores(client)} />
        </Stack>
      </Card>
      <OrderList machine={machine.id} />
    </Stack>
  );
}

export function RestoreCommand({ snapshot }: Pick<KeyPanelProps, "snapshot">) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t.key.run}
      </Text>
      <CopyText value={`holdfast restore --at ${snapshot} --to ~/restored`} label={t.key.runLabel} />
    </Stack>
  );
}
