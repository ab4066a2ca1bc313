/** Makes a batch of product keys, and shows them: once. */
import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Radio,
  Stack,
  Text,
} from "@mantine/core";
import { useState } from "react";
import type { Answer } from "../../api/client.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { type Picked, PickUser } from "../../parts/pick-user.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";
import { keysAsCsv } from "./keys-as-csv.ts";

type Made = Answer<"createProductKeys">["keys"];
const { keys: texts } = text.groups;
const COUNT_MAX = 1000;
const GROUPS_MAX = 500;

export function MakeKeys({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<Made>();
  // Made keys are not shown again: no slip of the mouse or the Escape key takes them away.
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={made === undefined ? texts.makeTitle : texts.madeTitle(made.length)}
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
      withCloseButton={made === undefined}
    >
      {made === undefined ? (
        <KeyOrder onMade={setMade} onClose={onClose} />
      ) : (
        <FreshKeys keys={made} onKept={onClose} />
      )}
    </Modal>
  );
}

interface Order extends Record<string, unknown> {
  readonly kind: "desktop" | "server";
  readonly count: number | string;
  readonly owner: "group" | "user";
  readonly group: string;
  readonly user: Picked | null;
}

const ORDER: Order = { kind: "desktop", count: 1, owner: "group", group: "", user: null };

function KeyOrder({ onMade, onClose }: { readonly onMade: (made: Made) => void; readonly onClose: () => void }) {
  const { can } = useSession();
  const groups = useRead("listGroups", { query: { limit: GROUPS_MAX } }, { when: can("groups.view") });
  const create = useAct("createProductKeys", { onDone: ({ keys }) => onMade(keys) });
  const form = useApiForm<Order>({
    initial: ORDER,
    validate: {
      user: (user, { owner }) => (owner === "user" && user === null ? texts.userNeeded : null),
      count: (count) => (Number(count) >= 1 && Number(count) <= COUNT_MAX ? null : texts.countRange),
    },
  });
  const { kind, count, owner, user } = form.values;
  const usual = groups.data?.items.find(({ isDefault }) => isDefault)?.id ?? "";
  const group = form.values.group === "" ? usual : form.values.group;
  return (
    <form
      noValidate
      onSubmit={form.sending(async () => {
        const whose = owner === "user" && user ? { user: user.id } : group === "" ? {} : { group };
        await create.mutateAsync({ body: { kind, count: Number(count), ...whose } });
      })}
    >
      <Stack gap="md">
        <FormNotes form={form} />
        <Radio.Group label={texts.type} {...form.getInputProps("kind")}>
          <Group mt={6}>
            <Radio value="desktop" label={texts.types.desktop} />
            <Radio value="server" label={texts.types.server} />
          </Group>
        </Radio.Group>
        <NumberInput
          label={texts.count}
          description={texts.countRange}
          min={1}
          max={COUNT_MAX}
          clampBehavior="none"
          allowDecimal={false}
          maw={200}
          data-autofocus
          {...form.getInputProps("count")}
        />
        <Radio.Group label={texts.forWhom} {...form.getInputProps("owner")}>
          <Group mt={6}>
            <Radio value="group" label={texts.forGroup} />
            {can("users.view") && <Radio value="user" label={texts.forUser} />}
          </Group>
        </Radio.Group>
        {owner === "user" ? (
          <PickUser
            label={texts.user}
            value={user}
            error={typeof form.errors.user === "string" ? form.errors.user : undefined}
            onChange={(picked) => form.setFieldValue("user", picked)}
          />
        ) : (
          groups.data && (
            <NativeSelect
              label={texts.group}
              value={group}
              error={form.errors.group}
              onChange={(event) => form.setFieldValue("group", event.currentTarget.value)}
              data={groups.data.items.map(({ id, name }) => ({ value: id, label: visibleText(name) }))}
            />
          )
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {text.common.cancel}
          </Button>
          <Button type="submit" loading={form.isSending}>
            {texts.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function FreshKeys({ keys, onKept }: { readonly keys: Made; readonly onKept: () => void }) {
  const all = keys.map(({ productKey }) => productKey).join("\n");
  const download = () => {
    const url = URL.createObjectURL(new Blob([keysAsCsv(keys)], { type: "text/csv" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = texts.fileName;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Stack gap="md">
      <Alert color="orange" role="alert">
        <Text size="sm" c="var(--mantine-color-text)">
          {texts.once}
        </Text>
      </Alert>
      <Code block className="fresh-keys" tabIndex={0} aria-label={texts.columns.key}>
        {all}
      </Code>
      <Group justify="space-between">
        <Group>
          <CopyButton value={all}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? text.common.copied : texts.copyAll}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={download}>
            {texts.download}
          </Button>
        </Group>
        <Button onClick={onKept}>{texts.kept}</Button>
      </Group>
    </Stack>
  );
}
