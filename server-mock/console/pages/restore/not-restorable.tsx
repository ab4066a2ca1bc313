/** Why there is nothing to choose from here, and what to do instead. */
import { Anchor, Stack } from "@mantine/core";
import { Link } from "wouter";
import type { ApiError } from "../../api/api-error.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { paths } from "../../paths.ts";
import { RestoreCommand } from "./key-panel.tsx";

const t = text.restore;

export const NoBackups = () => <Empty title={t.noBackups} hint={t.noBackupsHint} />;

export const SnapshotGone = ({ newestHref }: { readonly newestHref: string }) => (
  <Empty
    title={t.snapshotGone}
    hint={t.snapshotGoneHint}
    action={
      <Anchor component={Link} href={newestHref}>
        {t.toNewest}
      </Anchor>
    }
  />
);

export const ActingNot = () => <Empty title={t.actingNot} hint={t.actingNotHint} />;

export function MachineDeleted({ machine, maySee }: { readonly machine: string; readonly maySee: boolean }) {
  return (
    <Empty
      title={t.machineDeleted}
      hint={t.machineDeletedHint}
      action={
        maySee && (
          <Anchor component={Link} href={paths.machine(machine)}>
            {t.machine}
          </Anchor>
        )
      }
    />
  );
}

export interface NotOpenedProps {
  readonly error: ApiError;
  readonly snapshot: number | undefined;
  readonly onRetry: () => void;
}

/** The service does not open the backups. */
export function NotOpened({ error, snapshot, onRetry }: NotOpenedProps) {
  if (error.code !== "restore/web-off") return <ErrorBox error={error} onRetry={onRetry} />;
  return (
    <Stack gap="sm">
      <Empty title={t.webOff} hint={t.webOffHint} />
      {snapshot !== undefined && <RestoreCommand snapshot={snapshot} />}
    </Stack>
  );
}
