/** What an alert is about, as a link to where it can be mended. */
import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import type { AlertView } from "../../../../protocol/messages/alerts.ts";
import { NameText } from "../../parts/name-text.tsx";
import { paths } from "../../paths.ts";

export function AlertSubject({ alert }: { readonly alert: AlertView }) {
  const href = placeOf(alert);
  const name = <NameText value={alert.subject} />;
  return href === undefined ? (
    name
  ) : (
    <Anchor component={Link} href={href} inherit>
      {name}
    </Anchor>
  );
}

function placeOf({ kind, machine, user }: AlertView): string | undefined {
  // A quota is a user's, a group's or the organization's, found by the machine that met it.
  if (kind === "webhook.disabled") return paths.webhooks();
  if (kind === "mail.failed") return paths.mails();
  if (machine !== null) return paths.machine(machine);
  return user === null ? undefined : paths.user(user);
}
