/** Text and pictures in place. What a file is, the service says from its bytes; nothing in it ever runs: text is text, a picture is a picture. */
import { Checkbox, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { EntryView } from "../../../../protocol/messages/web-restore.ts";
import type { ApiError } from "../../api/api-error.ts";
import { call } from "../../api/client.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { visibleText } from "../../parts/name-text.tsx";

const TEXT_BYTES_MAX = 1024 * 1024;

type Content = { readonly kind: "text"; readonly text: string } | { readonly kind: "picture"; readonly blob: Blob };

const t = text.restore;

export interface FileContentProps {
  readonly webRestore: string;
  readonly entry: EntryView;
  readonly snapshot: number;
}

export function FileContent({ webRestore, entry, snapshot }: FileContentProps) {
  const { path, bytes, isMissing } = entry;
  const { data, error, refetch } = useQuery<Content, ApiError>({
    queryKey: ["file", webRestore, snapshot, path],
    queryFn: ({ signal }) => contentOf({ webRestore, snapshot, path, signal }),
    enabled: !isMissing && bytes !== 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (isMissing) return <Empty title={t.missingContent} hint={t.missingContentHint} />;
  if (bytes === 0) return <Empty title={t.emptyFile} />;
  if (error?.code === "restore/not-viewable") return <Empty title={t.notViewable} hint={t.notViewableHint} />;
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={160} />;
  return data.kind === "picture" ? (
    <Picture blob={data.blob} name={entry.name} />
  ) : (
    <TextContent value={data.text} wholeBytes={bytes ?? 0} />
  );
}

async function contentOf(wanted: {
  readonly webRestore: string;
  readonly snapshot: number;
  readonly path: string;
  readonly signal: AbortSignal;
}): Promise<Content> {
  const { webRestore, snapshot, path, signal } = wanted;
  const query = { snapshot, path, as: "view", max: TEXT_BYTES_MAX };
  const answer: unknown = await call("readFile", { params: { webRestore }, query, signal });
  if (!(answer instanceof Blob)) throw new Error("a file that came as something else"); // A file that looks like JSON is text/plain.
  if (answer.type.startsWith("image/")) return { kind: "picture", blob: answer };
  return { kind: "text", text: await answer.text() };
}

function Picture({ blob, name }: { readonly blob: Blob; readonly name: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url === undefined ? null : <img src={url} alt={t.image(visibleText(name))} className="file-picture" />;
}

function TextContent({ value, wholeBytes }: { readonly value: string; readonly wholeBytes: number }) {
  const [isWrapped, setIsWrapped] = useState(true);
  return (
    <Stack gap="xs">
      <Checkbox label={t.wrap} checked={isWrapped} onChange={(event) => setIsWrapped(event.currentTarget.checked)} />
      {wholeBytes > TEXT_BYTES_MAX && (
        <Text size="sm" role="note">
          {t.cut(formatBytes(TEXT_BYTES_MAX), formatBytes(wholeBytes))}
        </Text>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard. */}
      <pre className={`file-text ${isWrapped ? "is-wrapped" : ""}`} tabIndex={0} role="document" aria-label={t.content}>
        {value}
      </pre>
    </Stack>
  );
}
