/** Add New Group. */
import { Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { Link, useLocation } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { inGigabytes } from "../../parts/gigabytes.ts";
import { notify } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { RoomFields } from "./room-fields.tsx";
import { NEW_ROOMS, poolsToSend } from "./room-values.ts";

export function NewGroupPage() {
  const { can } = useSession();
  const [, navigate] = useLocation();
  const organization = useRead("ownOrganization", {}, { when: can("organization.view") });
  const counted = organization.data?.settings.separatePools ? (["desktop", "server"] as const) : (["all"] as const);
  const create = useAct("createGroup", {
    onDone: ({ id, name }) => {
      notify(text.groups.createdDone(name));
      navigate(paths.group(id));
    },
  });
  const form = useApiForm({
    draft: "new-group",
    initial: { name: "", externalId: "", pools: NEW_ROOMS },
    validate: { name: (name) => (name.trim() === "" ? text.groups.nameNeeded : null) },
    fields: { "": "name" },
  });
  const free = organization.data?.pools.filter(({ kind }) => counted.some((each) => each === kind)) ?? [];
  return (
    <Page title={text.groups.add} above={[[text.groups.list, paths.groups()]]}>
      <Paper
        component="form"
        maw={720}
        noValidate
        onSubmit={form.sending(async ({ name, externalId, pools }) => {
          const body = { name, externalId: externalId.trim() || null, pools: poolsToSend(pools, counted) };
          await create.mutateAsync({ body }).catch((error: unknown) => Promise.reject(inGigabytes(error)));
        })}
      >
        <Stack gap="md">
          <FormNotes form={form} />
          <TextInput label={text.groups.name} required {...form.getInputProps("name")} />
          <TextInput label={text.groups.externalId} {...form.getInputProps("externalId")} />
          {free.map(({ kind, availableBytes }) => (
            <Text size="sm" c="dimmed" key={kind}>
              {text.groups.ofKind(
                text.groups.kinds[kind],
                text.groups.sharedFree(availableBytes === null ? text.common.unlimited : formatBytes(availableBytes)),
              )}
            </Text>
          ))}
          <RoomFields
            rooms={form.values.pools}
            counted={counted}
            errors={form.errors}
            onChange={(pools) => form.setValues({ pools })}
          />
          <Group>
            <Button type="submit" loading={form.isSending}>
              {text.groups.add}
            </Button>
            <Button variant="default" component={Link} href={paths.groups()}>
              {text.common.cancel}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </Page>
  );
}
