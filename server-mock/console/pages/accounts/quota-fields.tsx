/** Quotas of an account and how far each may be exceeded; what is used is black below, orange reached, red exceeded. */
import { Table, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { AccountDetails } from "../../../../protocol/messages/account-form.ts";
import { text } from "../../messages/messages.ts";
import { GB, type Range, sizeRangeText } from "../../parts/gigabytes.ts";
import type { ApiForm } from "../../parts/use-api-form.ts";
import { type AccountValues, QUOTAS } from "./account-values.ts";

const words = text.accounts;

export interface QuotaFieldsProps {
  readonly form: ApiForm<AccountValues>;
  readonly account?: AccountDetails;
  /** What its storage quota may be; undefined: not known (yet). */
  readonly limits: Range | undefined;
}

export function QuotaFields({ form, account, limits }: QuotaFieldsProps) {
  const range = limits && sizeRangeText({ ...limits, minimum: Math.max(GB, limits.minimum) });
  return (
    <>
      <Text size="sm" c="dimmed" maw={760}>
        {words.overageHint}
      </Text>
      <div className="table-box">
        <Table highlightOnHover={false}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{words.quotas}</Table.Th>
              {account && <Table.Th scope="col">{words.used}</Table.Th>}
              <Table.Th scope="col">{words.quota}</Table.Th>
              <Table.Th scope="col">{words.overage}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {QUOTAS.map((name) => {
              const quota = account?.quotas[name];
              return (
                <Line
                  key={name}
                  name={words.quotaNames[name]}
                  used={quota && <Used state={quota.state}>{quota.used.toLocaleString("en")}</Used>}
                  limit={
                    <TextInput
                      aria-label={words.quotaOf(words.quotaNames[name])}
                      inputMode="numeric"
                      w="100%"
                      miw={80}
                      maw={190}
                      {...form.getInputProps(`quotas.${name}.limit`)}
                    />
                  }
                  overage={
                    <TextInput
                      aria-label={words.overageOf(words.quotaNames[name])}
                      inputMode="numeric"
                      w="100%"
                      miw={80}
                      maw={190}
                      {...form.getInputProps(`quotas.${name}.overage`)}
                    />
                  }
                />
              );
            })}
            <Line
              name={words.storage}
              used={account && <Used state={account.storage.state}>{formatBytes(account.storage.usedBytes)}</Used>}
              limit={
                <TextInput
                  aria-label={words.storage}
                  inputMode="numeric"
                  rightSection="GB"
                  w="100%"
                  miw={80}
                  maw={190}
                  description={range}
                  inputWrapperOrder={ORDER}
                  {...form.getInputProps("limit")}
                />
              }
              overage={
                <TextInput
                  aria-label={words.overageOf(words.storage)}
                  inputMode="numeric"
                  rightSection="GB"
                  w="100%"
                  miw={80}
                  maw={190}
                  {...form.getInputProps("overage")}
                />
              }
            />
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}

interface LineProps {
  readonly name: string;
  readonly used: ReactNode;
  readonly limit: ReactNode;
  readonly overage: ReactNode;
}

const Line = ({ name, used, limit, overage }: LineProps) => (
  <Table.Tr className="quota-line">
    <Table.Th scope="row">{name}</Table.Th>
    {used !== undefined && <Table.Td>{used}</Table.Td>}
    <Table.Td>{limit}</Table.Td>
    <Table.Td>{overage}</Table.Td>
  </Table.Tr>
);

/** The colour is said in words, too. */
export function Used({ state, children }: { readonly state: keyof typeof words.states; readonly children: string }) {
  return (
    <Text span inherit className={`usage-${state}`}>
      {children}
      {state !== "below" && ` (${words.states[state]})`}
    </Text>
  );
}

const ORDER: ("label" | "input" | "description" | "error")[] = ["input", "error", "description"];
