/** View: the files of a machine, with times of backup and sizes as they are stored. Nothing is taken from here. */
import { Anchor, Card, Skeleton, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../paths.ts";
import type { PageProps } from "../page-row.ts";
import { keyText, RestoreCommand } from "./key-panel.tsx";
import { MachineTree } from "./machine-tree.tsx";

const t = text.restore;

export function MachineFilesPage({ params: { id = "" } }: PageProps) {
  const { data, error, refetch } = useRead("getMachine", { params: { machine: id } });
  const name = data === undefined ? "…" : visibleText(data.name);
  return (
    <Page
      title={t.filesOf(name)}
      above={[[name, paths.machine(id)]]}
      actions={
        <Anchor component={Link} href={paths.restoreMachine(id)}>
          {t.title}
        </Anchor>
      }
    >
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {error === null && data === undefined && <Skeleton height={240} />}
      {data !== undefined && (
        <MachineTree
          machine={data}
          purpose="browse"
          hasDetails
          ownKey={(snapshot) => (
            <Card withBorder component="section" padding="md">
              <Stack gap="sm">
                <Title order={2} size="h4">
                  {keyText(data).title}
                </Title>
                <Text size="sm">{keyText(data).body(name)}</Text>
                <RestoreCommand machine={data} snapshot={snapshot} />
              </Stack>
            </Card>
          )}
        />
      )}
    </Page>
  );
}
