/** The fields of the account form, for a new account and for one that is there. */
import { Group, NativeSelect, Paper, Radio, SimpleGrid, Stack, Switch, TextInput, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { AccountDetails } from "../../../../protocol/messages/account-form.ts";
import { text } from "../../messages/messages.ts";
import type { Range } from "../../parts/gigabytes.ts";
import type { ApiForm } from "../../parts/use-api-form.ts";
import { useSession } from "../../session/session.tsx";
import type { AccountValues } from "./account-values.ts";
import { QuotaFields } from "./quota-fields.tsx";

const words = text.accounts;
const { levels, levelHints, places } = text.users;

export interface AccountFieldsProps {
  readonly form: ApiForm<AccountValues>;
  /** Absent: it is about to be made. */
  readonly account?: AccountDetails;
  readonly limits: Range | undefined;
  /** Before the log-in: organization, group. */
  readonly children?: ReactNode;
}

export function AccountFields({ form, account, limits, children }: AccountFieldsProps) {
  const { can } = useSession();
  const check = (field: keyof AccountValues & string) => form.getInputProps(field, { type: "checkbox" });
  return (
    <>
      <Part title={words.who}>
        {children}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={words.columns.login}
            description={words.loginHint}
            inputWrapperOrder={ORDER}
            {...form.getInputProps("login")}
          />
          <TextInput
            label={words.columns.email}
            type="email"
            description={words.emailHint}
            inputWrapperOrder={ORDER}
            {...form.getInputProps("email")}
          />
          <TextInput label={words.firstName} {...form.getInputProps("firstName")} />
          <TextInput label={words.lastName} {...form.getInputProps("lastName")} />
        </SimpleGrid>
        {can("roles.create") && (
          <Switch label={words.administrator} description={words.administratorHint} {...check("administrator")} />
        )}
        <Switch label={words.agentAutoUpdate} description={words.agentAutoUpdateHint} {...check("agentAutoUpdate")} />
      </Part>
      <Part title={words.quotas}>
        <QuotaFields form={form} limits={limits} {...(account === undefined ? {} : { account })} />
      </Part>
      <Part title={words.policy}>
        <Group align="flex-start" gap="xl">
          <NativeSelect label={words.locations} miw={240} data={PLACES} {...form.getInputProps("locations")} />
          <Radio.Group label={words.notifications} {...form.getInputProps("notifications")}>
            <Group mt="xs" gap="lg">
              {LEVELS.map(({ value, label, hint }) => (
                <Radio key={value} value={value} label={label} description={hint} />
              ))}
            </Group>
          </Radio.Group>
        </Group>
        <Switch label={words.business} description={words.businessHint} {...check("businessNotifications")} />
      </Part>
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}

const PLACES = (["local-and-cloud", "cloud-only"] as const).map((value) => ({ value, label: places[value] }));
const LEVELS = (["off", "less", "more", "all"] as const).map((value) => ({
  value,
  label: levels[value],
  hint: levelHints[value],
}));
/** Fields side by side stand in line, whatever is written below them. */
const ORDER: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];
