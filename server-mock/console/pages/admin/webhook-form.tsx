/** A webhook's address and events. */
import { Button, Checkbox, Group, Radio, SimpleGrid, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { EventKind } from "../../../../protocol/events.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";

const { webhooks: says } = text.admin;

export type WebhookValues = { readonly url: string; readonly scope: string; readonly events: readonly string[] };

export interface WebhookFormProps {
  readonly draft: string;
  readonly initial: WebhookValues;
  readonly mayEdit?: boolean;
  readonly notes?: ReactNode;
  readonly save: (body: { readonly url: string; readonly events: EventKind[] }) => Promise<unknown>;
}

export function WebhookForm({ draft, initial, mayEdit = true, notes, save }: WebhookFormProps) {
  const form = useApiForm<WebhookValues>({
    draft,
    initial,
    validate: {
      events: (events, { scope }) => (scope === "chosen" && events.length === 0 ? says.eventsNeeded : null),
    },
  });
  return (
    <form onSubmit={form.sending((values) => save(bodyOf(values)))} noValidate>
      <fieldset disabled={!mayEdit} className="plain-fieldset">
        <Stack maw={760}>
          <FormNotes form={form} />
          {notes}
          <TextInput label={says.url} description={says.urlHint} type="url" required {...form.getInputProps("url")} />
          <Radio.Group label={says.events} {...form.getInputProps("scope")} error={form.errors.events}>
            <Stack gap={6} mt={6}>
              <Radio value="all" label={says.eventsAll} />
              <Radio value="chosen" label={says.eventsChosen} />
            </Stack>
          </Radio.Group>
          {form.values.scope === "chosen" && (
            <Checkbox.Group
              aria-label={says.eventsChosen}
              value={[...form.values.events]}
              onChange={(events) => form.setFieldValue("events", events)}
            >
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={6} pl="xl">
                {KINDS.map(([kind, label]) => (
                  <Checkbox key={kind} value={kind} label={label} size="sm" />
                ))}
              </SimpleGrid>
            </Checkbox.Group>
          )}
          {mayEdit && (
            <Group>
              <Button type="submit" loading={form.isSending}>
                {says.save}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

const KINDS = Object.entries(says.kinds);

/** None means all of them. */
const bodyOf = ({ url, scope, events }: WebhookValues) => ({
  url: url.trim(),
  events: scope === "all" ? [] : KINDS.flatMap(([kind]) => (events.includes(kind) ? [kind as EventKind] : [])), // Keys of the table.
});
