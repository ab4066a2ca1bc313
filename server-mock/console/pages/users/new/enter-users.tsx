/** Step 3: rows of Username and Email. */
import { PlusIcon, XMarkIcon } from "@heroicons/react/24/outline";
import { ActionIcon, Button, Checkbox, Group, TextInput } from "@mantine/core";
import { text } from "../../../messages/messages.ts";
import type { ApiForm } from "../../../parts/use-api-form.ts";
import { emptyRow, type NewUsersForm, nextKey } from "./new-users.ts";
import { Step } from "./step.tsx";

const { new: words } = text.users;
/** As many as one call takes. */
const ROWS_MAX = 500;
const ICON_PX = 18;

export function EnterUsers({ form }: { readonly form: ApiForm<NewUsersForm> }) {
  const { rows } = form.values;
  return (
    <Step title={words.step3}>
      {rows.map(({ key }, index) => (
        <Group key={key} role="group" aria-label={words.row(index + 1)} align="flex-start" gap="sm">
          <TextInput label={words.username} w={280} {...form.getInputProps(`rows.${index}.name`)} />
          <TextInput label={words.email} type="email" w={320} {...form.getInputProps(`rows.${index}.email`)} />
          {rows.length > 1 && (
            <ActionIcon
              mt={26}
              aria-label={words.removeRow(index + 1)}
              onClick={() => form.removeListItem("rows", index)}
            >
              <XMarkIcon width={ICON_PX} aria-hidden="true" />
            </ActionIcon>
          )}
        </Group>
      ))}
      {rows.length < ROWS_MAX && (
        <Button
          variant="default"
          style={{ alignSelf: "flex-start" }}
          aria-label={words.addRow}
          title={words.addRow}
          onClick={() => form.insertListItem("rows", emptyRow(nextKey(rows)))}
        >
          <PlusIcon width={ICON_PX} aria-hidden="true" />
        </Button>
      )}
      <Checkbox label={words.send} description={words.sendHint} {...form.getInputProps("send", { type: "checkbox" })} />
      <Group>
        <Button type="submit" loading={form.isSending}>
          {words.submit}
        </Button>
      </Group>
    </Step>
  );
}
