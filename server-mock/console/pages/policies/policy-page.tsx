/** The client configuration of all agents of a kind, or of those of one group. */
import { Anchor, Group } from "@mantine/core";
import { Link } from "wouter";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../paths.ts";
import { MissingPage } from "../missing-page.tsx";
import type { PageProps } from "../page-row.ts";
import { PolicyEditor } from "./policy-editor.tsx";
import { ReceiptsTable } from "./receipts-table.tsx";

const KINDS = ["desktop", "server"] as const;
const texts = text.policies;

export function PolicyPage({ params }: PageProps) {
  const kind = KINDS.find((each) => each === params.kind);
  if (kind === undefined) return <MissingPage />;
  return (
    <Page
      title={texts.titleOf(texts.kinds[kind])}
      above={[[texts.title, paths.policies()]]}
      actions={<OtherKind kind={kind} hrefOf={paths.policy} />}
    >
      <PolicyEditor place={{ level: "organization", kind }} />
      <ReceiptsTable kind={kind} />
    </Page>
  );
}

export function GroupPolicyPage({ params }: PageProps) {
  const { id = "" } = params;
  const kind = KINDS.find((each) => each === params.kind);
  const group = useRead("getGroup", { params: { group: id } });
  if (kind === undefined) return <MissingPage />;
  const name = visibleText(group.data?.name ?? "…");
  return (
    <Page
      title={texts.groupTitle(texts.kinds[kind], name)}
      above={[
        [text.groups.list, paths.groups()],
        [name, paths.group(id)],
      ]}
      actions={<OtherKind kind={kind} hrefOf={(each) => paths.groupPolicy(id, each)} />}
    >
      <PolicyEditor key={kind} place={{ level: "group", group: id, kind }} />
      <ReceiptsTable kind={kind} group={id} />
    </Page>
  );
}

interface OtherKindProps {
  readonly kind: "desktop" | "server";
  readonly hrefOf: (kind: "desktop" | "server") => string;
}

const OtherKind = ({ kind, hrefOf }: OtherKindProps) => (
  <Group gap="md" component="nav" aria-label={texts.kindLabel}>
    {KINDS.map((each) => (
      <Anchor
        key={each}
        component={Link}
        href={hrefOf(each)}
        {...(each === kind ? { "aria-current": "page" as const, fw: 700 } : {})}
      >
        {texts.kinds[each]}
      </Anchor>
    ))}
  </Group>
);
