/** Where there is no machine yet: what to do, in order. */
import { Button, Group, Stack, Stepper, Text } from "@mantine/core";
import { Link } from "wouter";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { CopyText } from "../../parts/copy-text.tsx";
import { Panel } from "../../parts/panel.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

const { first } = text.overview;

export function FirstSteps({ organization }: { readonly organization: string | undefined }) {
  const { isOwner, can } = useSession();
  const query = { limit: 1, organization };
  const { data } = useRead("listUsers", { query }, { when: can("users.view") });
  const users = data?.total?.count ?? 0;
  if (isOwner)
    return (
      <Panel title={first.organizations}>
        <Stack align="flex-start" gap="sm">
          <Text size="sm">{first.organizationHint}</Text>
          <Button component={Link} href={paths.newOrganization()}>
            {first.organization}
          </Button>
        </Stack>
      </Panel>
    );
  return (
    <Panel title={first.title}>
      <Stepper active={users > 0 ? 1 : 0} orientation="vertical" size="sm" allowNextStepsSelect={false}>
        <Stepper.Step
          component="div"
          label={first.user}
          description={
            <Stack gap="xs" align="flex-start">
              <Text size="sm">{first.userHint}</Text>
              <Group gap="sm">
                {users > 0 && <Text size="sm">{`${first.done}: ${first.userDone(users)}.`}</Text>}
                {can("users.create") && (
                  <Button size="xs" component={Link} href={paths.newUser()} variant={users > 0 ? "default" : "filled"}>
                    {text.users.add}
                  </Button>
                )}
              </Group>
            </Stack>
          }
        />
        <Stepper.Step
          component="div"
          label={first.install}
          description={
            <Stack gap="xs" align="flex-start">
              <Text size="sm">{first.installHint}</Text>
              <CopyText
                label={first.install}
                value={`holdfast register --service ${location.origin} --email you@example.com`}
              />
              <Group gap="sm">
                <Button size="xs" variant="default" component={Link} href={paths.install()}>
                  {text.install.guide}
                </Button>
                {can("keys.view") && (
                  <Button size="xs" variant="default" component={Link} href={paths.keys()}>
                    {first.keys}
                  </Button>
                )}
              </Group>
            </Stack>
          }
        />
        <Stepper.Step component="div" label={first.backup} description={<Text size="sm">{first.backupHint}</Text>} />
      </Stepper>
    </Panel>
  );
}
