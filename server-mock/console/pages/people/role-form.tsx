/** A role's name, reach and rights; the answer is what changed. */
import { Button, Group, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Capability } from "../../../../protocol/capabilities.ts";
import { text } from "../../messages/messages.ts";
import { isOfOrganization } from "../../parts/capability-rows.ts";
import { CapabilityTable } from "../../parts/capability-table.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { GroupScope } from "../../parts/group-scope.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";

const { roles: says } = text.people;

export type RoleValues = {
  readonly name: string;
  readonly scope: "all" | "chosen";
  readonly groups: readonly string[];
  readonly capabilities: readonly string[];
};

/** As the API takes it. */
export interface RoleFields {
  readonly name: string;
  readonly groups: string[] | null;
  readonly capabilities: Capability[];
}

export const NEW_ROLE: RoleValues = { name: "", scope: "all", groups: [], capabilities: [] };

export interface RoleFormProps {
  readonly draft: string;
  readonly initial: RoleValues;
  /** Of the button. */
  readonly action: string;
  readonly isReadOnly?: boolean;
  /** Rights that are shown although the reader hasn't them. */
  readonly also?: readonly Capability[];
  readonly notes?: ReactNode;
  readonly save: (fields: RoleFields) => Promise<unknown>;
}

export function RoleForm({ draft, initial, action, isReadOnly = false, also = [], notes, save }: RoleFormProps) {
  const { account, can } = useSession();
  const own = account.capabilities.filter(isOfOrganization);
  const shown = [...own, ...also.filter((each) => !own.includes(each))];
  const form = useApiForm<RoleValues>({
    draft,
    initial,
    fields: { groups: "scope" },
    validate: {
      name: (name) => (name.trim() === "" ? says.nameNeeded : null),
      scope: (scope, { groups }) => (scope === "chosen" && groups.length === 0 ? says.groupsNeeded : null),
    },
  });
  const { values } = form;
  const fieldsOf = ({ name, scope, groups, capabilities }: RoleValues): RoleFields => ({
    name: name.trim(),
    groups: scope === "all" ? null : [...groups],
    capabilities: shown.filter((each) => capabilities.includes(each)),
  });
  return (
    <form onSubmit={form.sending((given) => save(fieldsOf(given)))} noValidate>
      <fieldset disabled={isReadOnly} className="plain-fieldset">
        <Stack>
          <FormNotes form={form} />
          {notes}
          <TextInput label={says.name} required maw={420} {...form.getInputProps("name")} />
          {can("groups.view") && (
            <GroupScope
              label={says.scope}
              scope={values.scope}
              groups={values.groups}
              error={messageOf(form.errors.scope)}
              allLabel={says.all}
              chosenLabel={says.chosen}
              onScope={(scope) => form.setFieldValue("scope", scope)}
              onGroups={(groups) => form.setFieldValue("groups", groups)}
            />
          )}
          <CapabilityTable
            own={shown}
            chosen={values.capabilities}
            isReadOnly={isReadOnly}
            error={messageOf(form.errors.capabilities)}
            onChange={(capabilities) => form.setFieldValue("capabilities", capabilities)}
          />
          {!isReadOnly && (
            <Group>
              <Button type="submit" loading={form.isSending}>
                {action}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

const messageOf = (error: ReactNode): string | undefined => (typeof error === "string" ? error : undefined);
