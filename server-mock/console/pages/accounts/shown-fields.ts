/** The fields of an account as they are told when somebody else has changed them. */
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { AccountDetails } from "../../../../protocol/messages/account-form.ts";
import { text } from "../../messages/messages.ts";
import { QUOTAS, type QuotaName } from "./account-values.ts";

const words = text.accounts;
const { levels, places } = text.users;

type Shown = readonly [name: string, shown: (of: AccountDetails) => string];

const yes = (isOn: boolean): string => (isOn ? words.yes : words.no);
const count = (value: number | null): string => (value === null ? text.common.unlimited : value.toLocaleString("en"));
const size = (bytes: number | null): string => (bytes === null ? text.common.unlimited : formatBytes(bytes));
const overage = (value: number | null, show: (value: number) => string): string =>
  value === null ? text.common.none : show(value);

const quotaFields = (name: QuotaName): readonly Shown[] => [
  [words.quotaOf(words.quotaNames[name]), ({ quotas }) => count(quotas[name].limit)],
  [words.overageOf(words.quotaNames[name]), ({ quotas }) => overage(quotas[name].overage, count)],
];

export const SHOWN_FIELDS: readonly Shown[] = [
  [words.columns.login, ({ login }) => login],
  [words.columns.email, ({ email }) => email],
  [words.firstName, ({ firstName }) => firstName ?? "–"],
  [words.lastName, ({ lastName }) => lastName ?? "–"],
  [words.administrator, ({ administrator }) => yes(administrator)],
  [words.agentAutoUpdate, ({ agentAutoUpdate }) => yes(agentAutoUpdate)],
  ...QUOTAS.flatMap(quotaFields),
  [words.storage, ({ storage }) => size(storage.limitBytes)],
  [words.overageOf(words.storage), ({ storage }) => overage(storage.overageBytes, size)],
  [words.locations, ({ locations }) => places[locations]],
  [words.notifications, ({ notifications }) => levels[notifications]],
  [words.business, ({ businessNotifications }) => yes(businessNotifications)],
];
