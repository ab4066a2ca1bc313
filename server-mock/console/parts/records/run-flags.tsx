/** What looks like damage in a backup: beside its result in lists, with its numbers on its own page. */
import { ExclamationTriangleIcon } from "@heroicons/react/24/outline";
import { List } from "@mantine/core";
import type { BackupView } from "../../../../protocol/messages/records.ts";
import { text } from "../../messages/messages.ts";
import { Signed } from "../charts/status-badge.tsx";

type Flags = Pick<BackupView, "flags">;

const { flags: names } = text.records.backups;

export const RunFlags = ({ flags }: Flags) => (
  <>
    {flags.map(({ flag, says }) => (
      <span key={flag} title={says}>
        {" "}
        <Signed tone="warning" sign={ExclamationTriangleIcon}>
          {names[flag]}
        </Signed>
      </span>
    ))}
  </>
);

export const RunFlagSentences = ({ flags }: Flags) => (
  <List size="sm" listStyleType="none">
    {flags.map(({ flag, says }) => (
      <List.Item key={flag}>{says}</List.Item>
    ))}
  </List>
);
