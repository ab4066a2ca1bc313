/** The User Details panel. */
import { Paper, SimpleGrid, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useRead } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { ErrorBox } from "../../../parts/error-box.tsx";
import { visibleText } from "../../../parts/name-text.tsx";
import { Page } from "../../../parts/page.tsx";
import { PageSkeleton } from "../../../parts/page-skeleton.tsx";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../session/session.tsx";
import type { PageProps } from "../../page-row.ts";
import { StateNotice } from "./state-notice.tsx";
import { UserActions } from "./user-actions.tsx";
import { UserFacts } from "./user-facts.tsx";
import { UserMachines } from "./user-machines.tsx";
import { UserSettings } from "./user-settings.tsx";
import { UserStorage } from "./user-storage.tsx";

const { details, list } = text.users;
const ABOVE = [[list, paths.users()]] as const;

export function UserPage({ params }: PageProps) {
  const { can } = useSession();
  const { data: user, error, refetch } = useRead("getUser", { params: { user: params.id ?? "" } });
  if (user === undefined)
    return error === null ? (
      <PageSkeleton />
    ) : (
      <Page title={details.user} above={ABOVE}>
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </Page>
    );
  return (
    <Page title={visibleText(user.email)} above={ABOVE} actions={<UserActions user={user} />}>
      <StateNotice user={user} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Panel title={details.user}>
          <UserFacts user={user} />
        </Panel>
        <Stack gap="md">
          <Panel title={details.storageAndDevices}>
            <UserStorage user={user} />
          </Panel>
          <Panel title={details.settings}>
            <UserSettings user={user} />
          </Panel>
        </Stack>
      </SimpleGrid>
      {can("machines.view") && (
        <Panel title={details.machines}>
          <UserMachines user={user} />
        </Panel>
      )}
    </Page>
  );
}

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md" fz="sm">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}
