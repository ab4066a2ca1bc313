/** Import Users from CSV: a file, what it would do, and only then what it does. */
import { Alert, Anchor, Button, Checkbox, Group, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import type { UserImportResult } from "../../../../../protocol/messages/lists.ts";
import { useAct, useRead } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { ErrorBox } from "../../../parts/error-box.tsx";
import { Page } from "../../../parts/page.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../session/session.tsx";
import { ChooseFile } from "./choose-file.tsx";
import { ImportResult } from "./import-result.tsx";
import { TemplateLink } from "./template-link.tsx";
import { useDryRun } from "./use-dry-run.ts";

const { import: words, list } = text.users;

export function ImportPage() {
  const { can } = useSession();
  const groups = useRead("listGroups", { query: { limit: 500 } }, { when: can("groups.view") });
  const [file, setFile] = useState<File>();
  const [group, setGroup] = useState("");
  const [allOrNothing, setAllOrNothing] = useState(true);
  const [sendInstructions, setSendInstructions] = useState(true);
  const [done, setDone] = useState<UserImportResult>();
  const send = useAct("importUsers", { onDone: setDone });
  const chosen = { allOrNothing, sendInstructions, ...(group === "" ? {} : { group }) };
  // A file is looked at as soon as it is there, and again when what was chosen changes.
  const look = useDryRun(file, chosen);
  const shown = done ?? look.answer;
  const startAgain = () => {
    setFile(undefined);
    setDone(undefined);
    send.reset();
  };
  return (
    <Page title={words.title} above={[[list, paths.users()]]}>
      {done !== undefined && (
        <Alert color="teal" role="status" title={words.done(done.created)}>
          <Group gap="md">
            <Anchor component={Link} href={paths.users()} size="sm">
              {list}
            </Anchor>
            <Button size="compact-sm" variant="default" onClick={startAgain}>
              {words.another}
            </Button>
          </Group>
        </Alert>
      )}
      {done === undefined && (
        <Paper withBorder p="md">
          <Stack gap="md">
            <Group justify="space-between" align="flex-start">
              <Text size="sm" maw={620}>
                {words.hint}
              </Text>
              <TemplateLink />
            </Group>
            <ChooseFile file={file} onFile={setFile} />
            <Group align="flex-start" gap="xl">
              <NativeSelect
                label={words.group}
                miw={280}
                data={[
                  { value: "", label: words.defaultGroup },
                  ...(groups.data?.items ?? []).map(({ id, label }) => ({ value: id, label })),
                ]}
                value={group}
                onChange={(event) => setGroup(event.currentTarget.value)}
              />
              <Stack gap="sm">
                <Checkbox
                  label={words.allOrNothing}
                  description={words.allOrNothingHint}
                  checked={allOrNothing}
                  onChange={(event) => setAllOrNothing(event.currentTarget.checked)}
                />
                <Checkbox
                  label={text.users.new.send}
                  description={text.users.new.sendHint}
                  checked={sendInstructions}
                  onChange={(event) => setSendInstructions(event.currentTarget.checked)}
                />
              </Stack>
            </Group>
          </Stack>
        </Paper>
      )}
      {send.error && <ErrorBox error={send.error} />}
      {look.error && <ErrorBox error={look.error} onRetry={look.retry} />}
      {look.isPending && <PageSkeleton />}
      {shown && <ImportResult answer={shown} />}
      {done === undefined && look.answer !== undefined && look.answer.created > 0 && file !== undefined && (
        <Group>
          <Button
            loading={send.isPending}
            onClick={() => send.mutate({ query: { ...chosen, dryRun: false }, body: file })}
          >
            {words.submit(look.answer.created)}
          </Button>
        </Group>
      )}
    </Page>
  );
}
