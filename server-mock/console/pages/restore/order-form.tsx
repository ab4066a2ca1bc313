/** Orders a restore on the machine itself: for keys that only somebody there has, or for bytes that shall not pass a browser. */
import { Button, Group, NativeSelect, Radio, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { OrderRequest } from "../../../../protocol/messages/restore-orders.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { notify } from "../../parts/notify.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { spell } from "./spelled-path.ts";

/** As protocol/messages/restore-orders.ts has it. */
const PATHS_MAX = 1000;

export interface OrderFormProps {
  readonly machine: string;
  readonly snapshot: number;
  /** As the API spells them; absent: they are typed in. */
  readonly paths?: readonly string[];
  readonly onDone: () => void;
}

const t = text.restore.orderForm;
const EXISTING = Object.entries(t.existings).map(([value, label]) => ({ value, label }));

const linesOf = (typed: string): string[] => typed.split("\n").filter((line) => line.trim() !== "");

export function OrderForm({ machine, snapshot, paths, onDone }: OrderFormProps) {
  const order = useAct("orderRestore", { rereads: false });
  const form = useApiForm({
    ...(paths === undefined ? { draft: `restore-order.${machine}` } : {}),
    initial: { paths: "", target: "original", folder: "", existing: "rename" },
    fields: { "target.path": "folder", snapshot: "paths" },
    validate: {
      paths: (typed) => (paths === undefined ? wrongPaths(typed) : null),
      folder: (folder, { target }) => (target === "folder" && folder.trim() === "" ? t.noFolder : null),
    },
  });
  const { target } = form.values;
  return (
    <form
      onSubmit={form.sending(async (values) => {
        const body: OrderRequest = {
          snapshot,
          paths: paths === undefined ? linesOf(values.paths).map(spell) : [...paths],
          target: values.target === "folder" ? { kind: "folder", path: values.folder.trim() } : { kind: "original" },
          existing: existingOf(values.existing),
        };
        await order.mutateAsync({ params: { machine }, body });
        notify(t.sent);
        form.startAfresh();
        onDone();
      })}
    >
      <Stack gap="md" maw={640}>
        <Text size="sm" c="dimmed">
          {t.hint}
        </Text>
        <FormNotes form={form} />
        {paths === undefined ? (
          <Textarea
            label={t.paths}
            description={t.pathsHint}
            autosize
            minRows={2}
            maxRows={8}
            spellCheck={false}
            autoComplete="off"
            {...form.getInputProps("paths")}
          />
        ) : (
          <Text size="sm">{t.pathsSelected(paths.length)}</Text>
        )}
        <Radio.Group label={t.target} {...form.getInputProps("target")}>
          <Group mt={4} gap="md">
            <Radio value="original" label={t.original} />
            <Radio value="folder" label={t.folder} />
          </Group>
        </Radio.Group>
        {target === "folder" && (
          <TextInput
            label={t.folderPath}
            description={t.folderHint}
            spellCheck={false}
            {...form.getInputProps("folder")}
          />
        )}
        <NativeSelect label={t.existing} data={EXISTING} {...form.getInputProps("existing")} />
        <Group>
          <Button type="submit" loading={form.isSending}>
            {t.send}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function wrongPaths(typed: string): string | null {
  const lines = linesOf(typed);
  if (lines.length === 0) return t.noPaths;
  if (lines.length > PATHS_MAX) return t.tooMany(PATHS_MAX);
  return lines.every((line) => line.trim().startsWith("/")) ? null : t.startsWithSlash;
}

const existingOf = (value: string): OrderRequest["existing"] =>
  value === "keep" || value === "overwrite" ? value : "rename";
