/** What an alert is about, as a link to where it can be mended. */
import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import type { AlertView } from "../../../../protocol/messages/alerts.ts";
import { NameText } from "../../parts/name-text.tsx";
import { paths } from "../../paths.ts";
import { type Session, useSession } from "../../session/session.tsx";

export function AlertSubject({ alert }: { readonly alert: AlertView }) {
  const href = placeOf(alert, useSession());
  const name = <NameText value={alert.subject} />;
  return href === undefined ? (
    name
  ) : (
    <Anchor component={Link} href={href} inherit>
      {name}
    </Anchor>
  );
}

function placeOf({ kind, machine, user }: AlertView, { can }: Session): string | undefined {
  if (kind === "webhook.disabled") return can("organization.view") ? paths.webhooks() : undefined;
  if (kind === "mail.failed") return can("organization.view") ? paths.mails() : undefined;
  if (machine !== null) return can("machines.view") ? paths.machine(machine) : undefined;
  return user !== null && can("users.view") ? paths.user(user) : undefined;
}
