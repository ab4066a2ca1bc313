/** All settings in one form; what somebody else has changed meanwhile is named, and what was typed stays. */
import { Button, Group, SimpleGrid, Stack } from "@mantine/core";
import { useState } from "react";
import type { OrganizationDetails } from "../../../../protocol/messages/organizations.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { notify } from "../../parts/notify.tsx";
import { Theirs, useSeenVersion } from "../../parts/seen-version.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { AgentFields, BackupFields, MailNotes, SecurityFields, UserFields, WhoFields } from "./organization-fields.tsx";
import {
  areRegions,
  DAYS,
  FIELDS,
  isDays,
  type OrganizationValues,
  organizationChange,
  organizationValues,
} from "./organization-values.ts";

const { who, security, users, backups, agents, saved } = text.organization;

const days = (key: keyof typeof DAYS) => (typed: string) => {
  const { minimum, maximum } = DAYS[key];
  const range = text.common.range(String(minimum), String(maximum));
  return isDays(typed, DAYS[key]) ? null : backups.wholeDays(range);
};

export interface OrganizationFormProps {
  readonly organization: OrganizationDetails;
  readonly isReadOnly: boolean;
}

export function OrganizationForm({ organization, isReadOnly }: OrganizationFormProps) {
  const change = useAct("changeOwnOrganization");
  const seen = useSeenVersion(organization);
  /** As it was when the form was filled. */
  const [before, setBefore] = useState(() => organizationValues(organization));
  const form = useApiForm<OrganizationValues>({
    draft: `organization.${organization.id}`,
    initial: before,
    fields: FIELDS,
    validate: {
      name: (name) => (name.trim() === "" ? who.nameNeeded : null),
      installRegions: (typed) => (areRegions(typed) ? null : users.regionWrong),
      overdueDays: days("overdueDays"),
      undeleteMachineDays: days("undeleteMachineDays"),
      undeleteUserDays: days("undeleteUserDays"),
    },
  });
  const save = async (values: OrganizationValues) => {
    const body = organizationChange(before, values);
    const done = await seen.guard((ifMatch) => change.mutateAsync({ body, ifMatch }));
    const now = organizationValues(done);
    setBefore(now);
    form.setValues(now);
    notify(saved);
  };
  const isHome = organization.edition === "home";
  return (
    <form onSubmit={form.sending(save)} noValidate>
      <fieldset disabled={isReadOnly} className="plain-fieldset">
        <Stack>
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            <Stack>
              <WhoFields form={form} isHome={isHome} />
              <SecurityFields form={form} />
              <MailNotes />
            </Stack>
            <Stack>
              <UserFields form={form} isHome={isHome} />
              <BackupFields form={form} />
              <AgentFields form={form} />
            </Stack>
          </SimpleGrid>
          <FormNotes form={form} />
          <Theirs seen={seen} current={organization} fields={THEIR_FIELDS} />
          {!isReadOnly && (
            <Group>
              <Button type="submit" loading={form.isSending}>
                {text.common.save}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

const yes = (value: boolean): string => (value ? text.common.yes : text.common.no);

/** For whoever was slower: what each field is called, and its value. */
const THEIR_FIELDS: readonly (readonly [name: string, shown: (of: OrganizationDetails) => string])[] = [
  [who.name, ({ name }) => name],
  [who.subdomain, ({ subdomain }) => subdomain ?? text.common.none],
  [who.usersLogIn, ({ settings }) => yes(settings.usersLogIn)],
  [security.secondFactor, ({ settings }) => security.factors[settings.secondFactor]],
  [users.userGroups, ({ settings }) => yes(settings.userGroups)],
  [users.accountForm, ({ settings }) => yes(settings.accountForm)],
  [users.sync, ({ settings }) => yes(settings.sync)],
  [users.separatePools, ({ settings }) => yes(settings.separatePools)],
  [users.installRegions, ({ settings }) => settings.installRegions.join(", ") || text.common.none],
  [backups.overdueDays, ({ settings }) => String(settings.overdueDays)],
  [backups.undeleteMachineDays, ({ settings }) => String(settings.undeleteMachineDays)],
  [backups.undeleteUserDays, ({ settings }) => String(settings.undeleteUserDays)],
  [backups.timeZone, ({ settings }) => settings.timeZone],
  [agents.minimum, ({ settings }) => settings.agentVersions.minimum ?? text.common.none],
  [agents.pinned, ({ settings }) => settings.agentVersions.pinned ?? text.common.none],
  [agents.autoUpdate, ({ settings }) => yes(settings.agentVersions.autoUpdate)],
];
