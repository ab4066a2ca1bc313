/** One's own account: who one is, password, second factor, log-ins, API tokens, and what others did. */
import { Alert, SimpleGrid, Stack } from "@mantine/core";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Changeable } from "../../parts/changeable.tsx";
import { Facts } from "../../parts/facts.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useSession } from "../../session/session.tsx";
import { Activity } from "./activity.tsx";
import { ApiTokens } from "./api-tokens.tsx";
import { ChangePassword } from "./change-password.tsx";
import { LogIns } from "./log-ins.tsx";
import { SecondFactor } from "./second-factor.tsx";

const { title, actingNote } = text.account;

export function AccountPage() {
  const { actor, can } = useSession();
  return (
    <Page title={title}>
      {actor !== null && <Alert color="gray">{actingNote}</Alert>}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack>
          <Who />
          <SecondFactor />
        </Stack>
        {actor === null && <ChangePassword />}
      </SimpleGrid>
      <LogIns />
      {can("tokens.edit") && actor === null && <ApiTokens />}
      <Activity />
    </Page>
  );
}

function Who() {
  const { account, actor } = useSession();
  const { data } = useRead("getOwnAccount");
  const change = useAct("changeOwnAccount");
  const says = text.account.who;
  return (
    <Panel title={says.title}>
      <Facts
        rows={[
          [says.login, <NameText key="login" value={account.email} />],
          [
            says.name,
            <Changeable
              key="name"
              label={says.name}
              value={account.name}
              shown={<NameText value={account.name} />}
              mayChange={actor === null}
              onSave={(name) => change.mutateAsync({ body: { name }, ifMatch: data?.version })}
            />,
          ],
          [says.role, says.roles[account.role]],
          [says.expires, <RelativeTime key="expires" at={data?.expiresAt ?? null} />],
        ]}
      />
    </Panel>
  );
}
