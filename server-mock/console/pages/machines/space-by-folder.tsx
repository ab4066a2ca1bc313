/**
 * The folders of the newest backup by size. The service opens the backup only when somebody asks; it is closed again with the page. Of backups that
 * only the user's passphrase opens there is nothing to see here.
 */
import { Anchor, Breadcrumbs, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import type { SizesResponse } from "../../../../protocol/messages/web-restore.ts";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/client.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Treemap } from "../../parts/charts/treemap.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useSession } from "../../session/session.tsx";
import { foldersAbove } from "./folders-above.ts";

const { space } = text.machines;

export function SpaceByFolder({ machine }: { readonly machine: MachineDetails }) {
  const { isUser } = useSession();
  const open = useAct("openWebRestore", { rereads: false });
  const opened = open.data?.id;
  useEffect(() => {
    if (opened === undefined) return;
    // One that has ended by itself needs no end.
    return () => void call("closeWebRestore", { params: { webRestore: opened } }).catch(() => undefined);
  }, [opened]);
  if (machine.encryption !== "default") return <Hint>{space.custom}</Hint>;
  if (machine.lastUpdateAt === null) return <Hint>{space.noSnapshot}</Hint>;
  if (open.data === undefined)
    return (
      <Stack gap="xs" align="flex-start">
        <Hint>{isUser ? space.ownShowHint : space.showHint}</Hint>
        {open.error !== null && <ErrorBox error={open.error} />}
        <Button
          size="xs"
          variant="default"
          loading={open.isPending}
          onClick={() => open.mutate({ params: { machine: machine.id }, body: { purpose: "browse" } })}
        >
          {space.show}
        </Button>
      </Stack>
    );
  if (open.data.latest === null) return <Hint>{space.noSnapshot}</Hint>;
  return <Folders webRestore={open.data.id} snapshot={open.data.latest.sequence} />;
}

const Hint = ({ children }: { readonly children: string }) => (
  <Text size="sm" c="dimmed" maw={720}>
    {children}
  </Text>
);

function Folders({ webRestore, snapshot }: { readonly webRestore: string; readonly snapshot: number }) {
  const [folder, setFolder] = useState("/");
  const { sizes, error, again } = useSizes({ webRestore, snapshot, folder });
  return (
    <Stack gap="xs">
      <Breadcrumbs>
        {foldersAbove(folder).map(({ path, name }) =>
          path === folder ? (
            <Text key={path} size="sm" aria-current="location">
              <bdi>{name === "/" ? space.whole : name}</bdi>
            </Text>
          ) : (
            <Anchor key={path} component="button" type="button" size="sm" onClick={() => setFolder(path)}>
              <bdi>{name === "/" ? space.whole : name}</bdi>
            </Anchor>
          ),
        )}
      </Breadcrumbs>
      {error !== undefined && <ErrorBox error={error} onRetry={again} />}
      {sizes === undefined ? (
        error === undefined && <Skeleton height={300} />
      ) : (
        <Tiles sizes={sizes} onOpen={setFolder} />
      )}
      {sizes !== undefined && (
        <Group gap={4}>
          <Text size="xs" c="dimmed" component="div">
            {space.entries(sizes.entries)}. {space.asOf} <RelativeTime at={sizes.snapshot.receivedAt} />
          </Text>
        </Group>
      )}
    </Stack>
  );
}

function Tiles({ sizes, onOpen }: { readonly sizes: SizesResponse; readonly onOpen: (folder: string) => void }) {
  const { items, rest } = sizes;
  const tiles = items
    .filter(({ bytes }) => bytes > 0)
    .map(({ path, name, kind, bytes }) => ({ id: path, name, sizeBytes: bytes, kind }));
  if (tiles.length === 0) return <Hint>{space.nothing}</Hint>;
  return (
    <>
      <Treemap
        label={space.byFolder}
        items={tiles}
        height={300}
        onOpen={({ id }) => onOpen(id)}
        mayOpen={({ kind }) => kind === "folder"}
      />
      {rest.items > 0 && <Hint>{space.rest(rest.items)}</Hint>}
    </>
  );
}

interface Sizes {
  readonly sizes: SizesResponse | undefined;
  readonly error: ApiError | undefined;
  again(): void;
}

/** A question with a path in it is a POST, so it is asked here and not by a query's key. */
function useSizes({
  webRestore,
  snapshot,
  folder,
}: {
  readonly webRestore: string;
  readonly snapshot: number;
  readonly folder: string;
}): Sizes {
  const [told, setTold] = useState<{ of: string; sizes?: SizesResponse; error?: ApiError }>({ of: "" });
  const [round, setRound] = useState(0);
  const of = `${webRestore} ${round} ${folder}`;
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    call("sizeFolder", { params: { webRestore }, body: { snapshot, folder }, signal })
      .then((sizes) => setTold({ of, sizes }))
      .catch((error: unknown) => {
        if (!signal.aborted) setTold({ of, error: asApiError(error) });
      });
    return () => stop.abort();
  }, [of, webRestore, snapshot, folder]);
  const isTold = told.of === of;
  return {
    sizes: isTold ? told.sizes : undefined,
    error: isTold ? told.error : undefined,
    again: () => setRound(round + 1),
  };
}
