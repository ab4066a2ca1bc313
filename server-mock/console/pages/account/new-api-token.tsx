/** What an API token is for, what it may do, and for how long. */
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import type { Capability } from "../../../../protocol/capabilities.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { CapabilityTable } from "../../parts/capability-table.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";

const says = text.account.tokens;
/** Of the API. */
const DAYS_MAX = 366;
const RANGE = text.common.range("1", String(DAYS_MAX));

export interface NewApiTokenProps {
  readonly onClose: () => void;
  readonly onMade: (token: string) => void;
}

type Values = { readonly name: string; readonly days: string; readonly capabilities: readonly string[] };

export function NewApiToken({ onClose, onMade }: NewApiTokenProps) {
  const { account } = useSession();
  const create = useAct("createApiToken");
  const initial: Values = { name: "", days: "90", capabilities: [] };
  const form = useApiForm<Values>({
    initial,
    validate: {
      name: (name) => (name.trim() === "" ? says.nameNeeded : null),
      days: (days) =>
        /^\d{1,3}$/.test(days.trim()) && Number(days) >= 1 && Number(days) <= DAYS_MAX ? null : says.daysWrong(RANGE),
      capabilities: (chosen) => (chosen.length === 0 ? says.rightsNeeded : null),
    },
  });
  const send = async ({ name, days, capabilities }: Values) => {
    const own: readonly Capability[] = account.capabilities;
    const chosen = own.filter((each) => capabilities.includes(each));
    const { token } = await create.mutateAsync({
      body: { name: name.trim(), days: Number(days), capabilities: chosen },
    });
    onMade(token);
  };
  const { capabilities: wrong } = form.errors;
  return (
    <Modal opened onClose={onClose} title={says.add} size="xl">
      <form onSubmit={form.sending(send)} noValidate>
        <Stack>
          <FormNotes form={form} />
          <TextInput
            label={says.name}
            description={says.nameHint}
            required
            data-autofocus
            {...form.getInputProps("name")}
          />
          <TextInput
            label={says.days}
            description={RANGE}
            required
            inputMode="numeric"
            maw={220}
            {...form.getInputProps("days")}
          />
          <CapabilityTable
            own={account.capabilities}
            chosen={form.values.capabilities}
            error={typeof wrong === "string" ? wrong : undefined}
            onChange={(capabilities) => form.setFieldValue("capabilities", capabilities)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={form.isSending}>
              {says.make}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
