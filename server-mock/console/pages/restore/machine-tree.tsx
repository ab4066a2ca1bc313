/** A machine's backups as they can be looked at: the date, and below it the tree, or why there is none. */
import { Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import { useSession } from "../../session/session.tsx";
import { DateBar } from "./date-bar.tsx";
import { FileBrowser, type FileBrowserProps } from "./file-browser.tsx";
import { ActingNot, MachineDeleted, NoBackups, NotOpened, SnapshotGone } from "./not-restorable.tsx";
import { newestAt } from "./snapshot-days.ts";
import { usePlace } from "./use-place.ts";
import { useSnapshots } from "./use-snapshots.ts";
import { useWebRestore } from "./use-web-restore.ts";

export interface MachineTreeProps extends Pick<FileBrowserProps, "hasDetails"> {
  readonly machine: MachineDetails;
  readonly purpose: "browse" | "restore";
  readonly selecting?: FileBrowserProps["selecting"];
  /** Instead of the tree, where only the owner's passphrase opens it. */
  readonly ownKey: (snapshot: number) => ReactNode;
  /** Below the tree, once it is open. */
  readonly below?: (webRestore: string) => ReactNode;
}

export function MachineTree({ machine, purpose, selecting, hasDetails, ownKey, below }: MachineTreeProps) {
  const { actor, isUser } = useSession();
  const place = usePlace();
  const isOpenable = machine.deletedAt === null && actor === null;
  const snapshots = useSnapshots(machine.id, { when: isOpenable });
  const isOurs = machine.encryption === "default";
  const { opened, openAgain } = useWebRestore(machine.id, { purpose, when: isOpenable && isOurs });
  if (machine.deletedAt !== null) return <MachineDeleted machine={machine.id} maySee={!isUser} />;
  if (actor !== null) return <ActingNot />;
  const { all = [] } = snapshots;
  const shown =
    place.snapshot !== undefined
      ? all.find(({ sequence }) => sequence === place.snapshot)
      : place.at === undefined
        ? all[0]
        : newestAt(all, place.at);
  if (snapshots.isWhole && all.length === 0) return <NoBackups />;
  const isGone = snapshots.isWhole && shown === undefined;
  return (
    <Stack gap="md">
      <DateBar snapshots={snapshots} shown={shown} onChoose={(snapshot) => place.go({ snapshot, at: undefined })} />
      {isGone && <SnapshotGone newestHref={place.hrefOf({ snapshot: undefined, at: undefined })} />}
      {!isOurs && shown !== undefined && ownKey(shown.sequence)}
      {opened.error !== null && (
        <NotOpened error={opened.error} snapshot={shown?.sequence} onRetry={() => void opened.refetch()} />
      )}
      {isOurs && opened.isPending && opened.error === null && <Skeleton height={320} />}
      {opened.data !== undefined && opened.error === null && !isGone && (
        <>
          <FileBrowser
            opened={opened.data}
            place={place}
            onReopen={openAgain}
            {...(selecting === undefined ? {} : { selecting })}
            {...(hasDetails === undefined ? {} : { hasDetails })}
          />
          {below?.(opened.data.id)}
        </>
      )}
    </Stack>
  );
}
