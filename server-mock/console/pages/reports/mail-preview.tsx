/** A mail as its reader will see it: subject, addresses, and its body in both of its forms. */
import { Card, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { text } from "../../messages/messages.ts";
import { Facts } from "../../parts/facts.tsx";
import { MailBody } from "../../parts/mail-body.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";

export interface PreviewedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function MailPreview({ mail, to }: { readonly mail: PreviewedMail; readonly to: readonly string[] }) {
  const [form, setForm] = useState("mailed");
  return (
    <Card withBorder padding="md">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Facts
            rows={[
              [text.reports.mailSubject, <NameText key="subject" value={mail.subject} />],
              [text.reports.mailTo, <NameText key="to" value={to.join(", ")} />],
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label={text.reports.mailForm}
            value={form}
            onChange={setForm}
            data={[
              { value: "mailed", label: text.reports.asMailed },
              { value: "text", label: text.reports.asText },
            ]}
          />
        </Group>
        {form === "mailed" ? (
          <MailBody html={mail.html} />
        ) : (
          <Text component="pre" size="sm" ff="monospace" className="mail-pre">
            {mail.text.split("\n").map(visibleText).join("\n")}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
