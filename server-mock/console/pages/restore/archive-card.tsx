/** An archive that was asked for here: In Progress → Ready for Download → its link, until that expires. */
import { Button, Card, CopyButton, Group, Loader, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { ArchiveCreated, ArchiveView } from "../../../../protocol/messages/web-restore.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { notifyError } from "../../parts/notify.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { readable } from "./spelled-path.ts";

const SHOWN_PROBLEMS = 5;

export interface ArchiveCardProps {
  readonly created: ArchiveCreated;
  readonly onDismiss: () => void;
  /** Its row in Restores is another now. */
  readonly onChanged: () => void;
}

const t = text.restore;

export function ArchiveCard({ created, onDismiss, onChanged }: ArchiveCardProps) {
  const { id, link, fileName } = created;
  const [everyMs, setEveryMs] = useState(paceOf(created));
  const { data, error } = useRead("getArchive", { params: { archive: id } }, { everyMs });
  const archive: ArchiveView = data ?? created;
  const { status } = archive;
  const pace = paceOf(archive);
  if (pace !== everyMs) setEveryMs(pace);
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each status.
  useEffect(onChanged, [status]);
  const cancel = useAct("cancelArchive", { rereads: false, onDone: onDismiss });
  const hasLink = status === "ready" || status === "completed" || status === "incomplete";
  const address = `${location.origin}${link.path}`;
  return (
    <Card withBorder component="section" aria-label={fileName} padding="sm">
      <Stack gap="xs">
        <Group justify="space-between" gap="sm" align="flex-start">
          <Stack gap={2}>
            <Text fw={600} size="sm">
              <NameText value={fileName} />
            </Text>
            <Group gap="xs" role="status">
              {status === "running" && <Loader size="xs" aria-hidden="true" />}
              <Text size="sm">
                <strong>{text.records.restores.statuses[status]}</strong>
                {" · "}
                {detailOf(archive)}
              </Text>
            </Group>
          </Stack>
          <Group gap="xs">
            {hasLink && (
              <>
                <Button component="a" href={link.path} download>
                  {t.download}
                </Button>
                <CopyButton value={address}>
                  {({ copied, copy }) => (
                    <Button variant="default" onClick={copy}>
                      {copied ? text.common.copied : t.archive.copyLink}
                    </Button>
                  )}
                </CopyButton>
              </>
            )}
            {(hasLink || status === "running") && (
              <Button
                variant="subtle"
                onClick={() => cancel.mutate({ params: { archive: id } }, { onError: notifyError })}
              >
                {status === "ready" || hasLink ? t.archive.end : t.archive.cancel}
              </Button>
            )}
            {!hasLink && status !== "running" && (
              <Button variant="subtle" onClick={onDismiss} aria-label={t.archive.dismiss(visibleText(fileName))}>
                {text.common.hide}
              </Button>
            )}
          </Group>
        </Group>
        {hasLink && (
          <Text size="sm" c="dimmed" component="div">
            {t.archive.until} <RelativeTime at={link.expiresAt} />. {t.archive.untilHint}
          </Text>
        )}
        {error !== null && <ErrorBox error={error} />}
        <Problems archive={archive} />
      </Stack>
    </Card>
  );
}

/** Milliseconds between looks. While it can be downloaded its row may still change. */
function paceOf({ status }: ArchiveView): number | false {
  if (status === "running") return 700;
  return status === "ready" ? 3_000 : false;
}

function detailOf(archive: ArchiveView): string {
  const { status, filesRequested, filesRetrieved, bytesRequested, bytes } = archive;
  if (filesRequested === null) return status === "running" ? t.archive.counting : "";
  if (status === "ready" && filesRetrieved === 0)
    return t.archive.content(filesRequested, formatBytes(bytesRequested ?? 0));
  return `${t.archive.retrieved(filesRetrieved, filesRequested)}, ${formatBytes(bytes)}`;
}

/** What is not in it, and why. */
function Problems({ archive: { problems, problemCount } }: { readonly archive: ArchiveView }) {
  if (problemCount === 0) return null;
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {t.archive.problems(problemCount)}
      </Text>
      <ul className="selection-list">
        {problems.slice(0, SHOWN_PROBLEMS).map(({ path, message }) => (
          <li key={path}>
            <Text size="sm">
              <bdi>{visibleText(readable(path))}</bdi>: {visibleText(message)}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
