/** Backups that only their owner's passphrase opens: what to run on the machine, and ordering it there. */
import { Card, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { Encryption } from "../../../../protocol/messages/machines.ts";
import { text } from "../../messages/messages.ts";
import { CopyText } from "../../parts/copy-text.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { OrderForm } from "./order-form.tsx";
import { OrderList, rereadRestores } from "./order-list.tsx";

export interface KeyPanelProps {
  readonly machine: { readonly id: string; readonly name: string; readonly encryption: Encryption };
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
            {keyText(machine).title}
          </Title>
          <Text size="sm">{keyText(machine).body(visibleText(machine.name))}</Text>
          <RestoreCommand machine={machine} snapshot={snapshot} />
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

/** By what opens the backups. */
export const keyText = ({ encryption }: Pick<KeyPanelProps["machine"], "encryption">) =>
  encryption === "corporate" ? t.key.corporate : t.key;

interface RestoreCommandProps extends Pick<KeyPanelProps, "snapshot"> {
  /** Absent: it runs on the machine, with whatever opens its backups. */
  readonly machine?: KeyPanelProps["machine"];
}

export function RestoreCommand({ machine, snapshot }: RestoreCommandProps) {
  const isCorporate = machine?.encryption === "corporate";
  const opened = isCorporate ? ` --machine ${machine.id} --recovery-key <file.p12>` : "";
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {isCorporate ? t.key.corporate.run : t.key.run}
      </Text>
      <CopyText value={`holdfast restore${opened} --at ${snapshot} --to ~/restored`} label={t.key.runLabel} />
    </Stack>
  );
}
