/** The parts of Organization Settings, each setting with what it means. */
import { Anchor, Checkbox, Group, List, NativeSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { Link } from "wouter";
import { text } from "../../messages/messages.ts";
import { Panel } from "../../parts/panel.tsx";
import { timeZones } from "../../parts/time-zones.ts";
import type { ApiForm } from "../../parts/use-api-form.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { DAYS, type OrganizationValues } from "./organization-values.ts";

const says = text.organization;

export interface PartProps {
  readonly form: ApiForm<OrganizationValues>;
}

/** `isHome`: one log-in, so nothing about users. */
export interface UserPartProps extends PartProps {
  readonly isHome: boolean;
}

type Switch = {
  [Key in keyof OrganizationValues]: OrganizationValues[Key] extends boolean ? Key : never;
}[keyof OrganizationValues];

function Ticked({ form, name, label, hint }: PartProps & { name: Switch; label: string; hint: string }) {
  return <Checkbox label={label} description={hint} {...form.getInputProps(name, { type: "checkbox" })} />;
}

export function WhoFields({ form, isHome }: UserPartProps) {
  const { title, name, nameHint, subdomain, subdomainHint, usersLogIn, usersLogInHint } = says.who;
  return (
    <Panel title={title}>
      <Stack>
        <TextInput label={name} description={nameHint} required {...form.getInputProps("name")} />
        {!isHome && (
          <>
            <TextInput
              label={subdomain}
              description={subdomainHint}
              autoCapitalize="off"
              spellCheck={false}
              {...form.getInputProps("subdomain")}
            />
            <Ticked form={form} name="usersLogIn" label={usersLogIn} hint={usersLogInHint} />
          </>
        )}
      </Stack>
    </Panel>
  );
}

export function SecurityFields({ form }: PartProps) {
  const { title, secondFactor, secondFactorHint, factors, rules, rulesList } = says.security;
  return (
    <Panel title={title}>
      <Stack>
        <NativeSelect
          label={secondFactor}
          description={secondFactorHint}
          data={Object.entries(factors).map(([value, label]) => ({ value, label }))}
          {...form.getInputProps("secondFactor")}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            {rules}
          </Text>
          <List size="sm" spacing={4} c="dimmed">
            {rulesList.map((rule) => (
              <List.Item key={rule}>{rule}</List.Item>
            ))}
          </List>
        </div>
      </Stack>
    </Panel>
  );
}

export function UserFields({ form, isHome }: UserPartProps) {
  const { title, userGroups, userGroupsHint, accountForm, accountFormHint, sync, syncHint } = says.users;
  const { separatePools, separatePoolsHint, installRegions, installRegionsHint } = says.users;
  return (
    <Panel title={title}>
      <Stack>
        {!isHome && (
          <>
            <Ticked form={form} name="userGroups" label={userGroups} hint={userGroupsHint} />
            <Ticked form={form} name="accountForm" label={accountForm} hint={accountFormHint} />
          </>
        )}
        <Ticked form={form} name="sync" label={sync} hint={syncHint} />
        <Ticked form={form} name="separatePools" label={separatePools} hint={separatePoolsHint} />
        <Textarea
          label={installRegions}
          description={installRegionsHint}
          autosize
          minRows={2}
          {...form.getInputProps("installRegions")}
        />
      </Stack>
    </Panel>
  );
}

export function BackupFields({ form }: PartProps) {
  const { title, overdueDays, overdueHint, undeleteMachineDays, undeleteMachineHint } = says.backups;
  const { undeleteUserDays, undeleteUserHint, timeZone, timeZoneHint } = says.backups;
  const days = (name: keyof typeof DAYS, label: string, hint: string) => (
    <TextInput
      label={label}
      description={`${hint} ${text.common.range(String(DAYS[name].minimum), String(DAYS[name].maximum))}`}
      inputMode="numeric"
      required
      {...form.getInputProps(name)}
    />
  );
  return (
    <Panel title={title}>
      <Stack>
        {days("overdueDays", overdueDays, overdueHint)}
        {days("undeleteMachineDays", undeleteMachineDays, undeleteMachineHint)}
        {days("undeleteUserDays", undeleteUserDays, undeleteUserHint)}
        <NativeSelect
          label={timeZone}
          description={timeZoneHint}
          data={[...timeZones(form.values.timeZone)]}
          {...form.getInputProps("timeZone")}
        />
      </Stack>
    </Panel>
  );
}

export function AgentFields({ form }: PartProps) {
  const { title, minimum, minimumHint, pinned, pinnedHint, autoUpdate, autoUpdateHint } = says.agents;
  return (
    <Panel title={title}>
      <Stack>
        <Group grow align="flex-start">
          <TextInput label={minimum} description={minimumHint} {...form.getInputProps("minimumAgent")} />
          <TextInput label={pinned} description={pinnedHint} {...form.getInputProps("pinnedAgent")} />
        </Group>
        <Ticked form={form} name="autoUpdate" label={autoUpdate} hint={autoUpdateHint} />
      </Stack>
    </Panel>
  );
}

/** Who is mailed what is set elsewhere: here is where. */
export function MailNotes() {
  const { can } = useSession();
  const links = [
    [says.mail.own, paths.notifications()],
    ...(can("alerts.view") ? [[text.shell.items.emailAlerts, paths.emailAlerts()] as const] : []),
    ...(can("reports.view") ? [[text.shell.items.reports, paths.reports()] as const] : []),
    [text.shell.items.mails, paths.mails()],
  ] as const;
  return (
    <Panel title={says.mail.title}>
      <Stack gap="xs">
        <Text size="sm">{says.mail.hint}</Text>
        <Group gap="md">
          {links.map(([label, href]) => (
            <Anchor key={href} component={Link} href={href} size="sm">
              {label}
            </Anchor>
          ))}
        </Group>
      </Stack>
    </Panel>
  );
}
