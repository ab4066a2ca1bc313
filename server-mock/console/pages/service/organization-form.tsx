/** What a top-level admin sets of an organization: name, edition, subdomain, what is switched on, storage and licences. */
import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import type { ReactNode } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { OrganizationDetails } from "../../../../protocol/messages/organizations.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { countRangeText, inGigabytes, sizeRangeText } from "../../parts/gigabytes.ts";
import { notify } from "../../parts/notify.tsx";
import { Theirs, useSeenVersion } from "../../parts/seen-version.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import {
  EDITIONS,
  limitedKinds,
  type OrganizationValues,
  organizationBody,
  organizationValues,
  type PoolValues,
  SWITCHES,
} from "./organization-values.ts";

const { organizations: says } = text.service;

export function OrganizationForm({ organization }: { readonly organization: OrganizationDetails }) {
  const { id } = organization;
  const seen = useSeenVersion(organization);
  const change = useAct("changeOrganization", { onDone: ({ name }) => notify(says.saved(name)) });
  const form = useApiForm<OrganizationValues>({
    draft: `organization.${id}`,
    initial: organizationValues(organization),
  });
  const { values, errors } = form;
  const save = (given: OrganizationValues) => {
    const body = organizationBody(given, organizationValues(organization));
    return seen
      .guard((ifMatch) => change.mutateAsync({ params: { organization: id }, body, ifMatch }))
      .catch((error: unknown) => Promise.reject(inGigabytes(error)));
  };
  const setPool = (kind: PoolValues["kind"], part: Partial<PoolValues>) =>
    form.setFieldValue(
      "pools",
      values.pools.map((pool) => (pool.kind === kind ? { ...pool, ...part } : pool)),
    );
  const errorOf = (field: string): ReactNode => errors[field];
  return (
    <form noValidate onSubmit={form.sending(save)}>
      <Stack maw={760}>
        <FormNotes form={form} />
        <Theirs seen={seen} current={organization} fields={THEIRS} />
        <TextInput label={says.name} required {...form.getInputProps("name")} />
        <NativeSelect
          label={says.edition}
          description={says.editionHints[values.edition]}
          data={EDITION_OPTIONS}
          {...form.getInputProps("edition")}
        />
        <TextInput label={says.subdomain} description={says.subdomainHint} {...form.getInputProps("subdomain")} />
        <Fieldset legend={says.options}>
          <Stack gap="xs">
            {SWITCHES.map((key) => (
              <Checkbox
                key={key}
                size="sm"
                label={says.switches[key]}
                error={errorOf(`settings.${key}`)}
                checked={values.settings[key]}
                onChange={({ currentTarget: { checked } }) =>
                  form.setFieldValue("settings", { ...values.settings, [key]: checked })
                }
              />
            ))}
          </Stack>
        </Fieldset>
        <Fieldset legend={says.room}>
          <SimpleGrid cols={{ base: 1, sm: values.settings.separatePools ? 3 : 2 }}>
            {values.pools.map((pool, index) => (
              <PoolFields
                key={pool.kind}
                pool={pool}
                isLimited={limitedKinds(values.settings).includes(pool.kind)}
                allowed={organization.allowed.pools.find(({ kind }) => kind === pool.kind)}
                errorOf={(field) => errorOf(`pools.${index}.${field}`)}
                onChange={(part) => setPool(pool.kind, part)}
              />
            ))}
          </SimpleGrid>
        </Fieldset>
        <Group>
          <Button type="submit" loading={form.isSending}>
            {text.common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PoolFieldsProps {
  readonly pool: PoolValues;
  readonly isLimited: boolean;
  readonly allowed: OrganizationDetails["allowed"]["pools"][number] | undefined;
  readonly errorOf: (field: string) => ReactNode;
  readonly onChange: (part: Partial<PoolValues>) => void;
}

function PoolFields({
  pool: { kind, limitGb, overageGb, devices },
  isLimited,
  allowed,
  errorOf,
  onChange,
}: PoolFieldsProps) {
  const range = allowed?.devices ?? undefined;
  if (!isLimited && kind === "all") return null;
  return (
    <>
      {isLimited && (
        <>
          <NumberInput
            label={`${says.kinds[kind]}: ${says.limit}`}
            description={`${says.blank} ${allowed === undefined ? "" : sizeRangeText(allowed.limitBytes)}`}
            value={limitGb}
            error={errorOf("limitBytes")}
            inputWrapperOrder={HINT_BELOW}
            allowNegative={false}
            onChange={(value) => onChange({ limitGb: numberOf(value) })}
          />
          <NumberInput
            label={`${says.kinds[kind]}: ${says.overage}`}
            description={says.overageHint}
            value={overageGb}
            error={errorOf("overageBytes")}
            inputWrapperOrder={HINT_BELOW}
            allowNegative={false}
            onChange={(value) => onChange({ overageGb: numberOf(value) })}
          />
        </>
      )}
      {kind !== "all" && (
        <NumberInput
          label={says.licences[kind]}
          description={`${says.blank} ${range === undefined ? "" : countRangeText(range)}`}
          value={devices}
          error={errorOf("devices")}
          inputWrapperOrder={HINT_BELOW}
          allowNegative={false}
          allowDecimal={false}
          onChange={(value) => onChange({ devices: numberOf(value) })}
        />
      )}
    </>
  );
}

/** Fields beside each other stand in line, however long their hints are. */
const HINT_BELOW: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

const EDITION_OPTIONS = EDITIONS.map((value) => ({ value, label: says.editions[value] }));
const numberOf = (typed: number | string): number | "" => (typed === "" ? "" : Number(typed));

const yesNo = (isOn: boolean): string => (isOn ? text.common.yes : text.common.no);

const THEIRS: readonly (readonly [string, (of: OrganizationDetails) => string])[] = [
  [says.name, ({ name }) => name],
  [says.edition, ({ edition }) => says.editions[edition]],
  [says.subdomain, ({ subdomain }) => subdomain ?? text.common.none],
  [says.columns.state, ({ state }) => says.states[state]],
  ...SWITCHES.map((key) => [says.switches[key], ({ settings }: OrganizationDetails) => yesNo(settings[key])] as const),
  [says.columns.storage, ({ limitBytes }) => (limitBytes === null ? text.common.unlimited : formatBytes(limitBytes))],
];
