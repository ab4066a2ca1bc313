/** How a computer comes to be backed up: the commands, whole, for this service and this person. */
import { Alert, Anchor, List, SegmentedControl, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { text } from "../../messages/messages.ts";
import { CopyText } from "../../parts/copy-text.tsx";
import { Page } from "../../parts/page.tsx";
import { Panel } from "../../parts/panel.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { installCommands, type Platform, platformOf } from "./install-commands.ts";

const says = text.install;
const PLATFORMS = ["linux", "macos", "windows"] as const;

export function InstallPage() {
  const { account, isUser, can } = useSession();
  const [platform, setPlatform] = useState<Platform>(() => platformOf(navigator.userAgent));
  const commands = installCommands({
    platform,
    service: location.origin,
    email: isUser ? account.email : says.exampleEmail,
    productKey: says.exampleKey,
    fingerprint: says.fingerprint,
    folders: says.folders[platform],
  });
  return (
    <Page title={says.title}>
      <Text c="dimmed">{says.intro}</Text>
      <div>
        <Text size="sm" fw={500} mb={4} id="install-platform">
          {says.platform}
        </Text>
        <SegmentedControl
          aria-labelledby="install-platform"
          value={platform}
          onChange={(value) => setPlatform(PLATFORMS.find((each) => each === value) ?? "linux")}
          data={PLATFORMS.map((value) => ({ value, label: says.platforms[value] }))}
        />
      </div>
      <Step number={1} title={says.packageTitle}>
        <Text size="sm">{says.package}</Text>
        <CopyText value={commands.install} label={says.packageCommand} />
        <Text size="sm" c="dimmed">
          {says.packageHints[platform]}
        </Text>
      </Step>
      <Step number={2} title={says.registerTitle}>
        <Text size="sm">{isUser ? says.register : says.registerAdmin}</Text>
        {location.protocol === "http:" && <Alert color="orange">{says.plain}</Alert>}
        <Command label={says.withLogin} value={commands.withLogin} />
        <Command label={says.withKey} value={commands.withKey} hint={isUser ? says.keyHint : says.keyHintAdmin} />
        {can("keys.view") && (
          <Anchor component={Link} href={paths.keys()} size="sm">
            {text.shell.items.keys}
          </Anchor>
        )}
        <Command label={says.ownPassphrase} value={commands.ownPassphrase} hint={says.ownPassphraseHint} />
      </Step>
      <Step number={3} title={says.backupTitle}>
        <Text size="sm">{says.backup}</Text>
        <CopyText value={commands.backup} label={says.backupCommand} />
        <Text size="sm">
          {says.after}{" "}
          <Anchor component={Link} href={isUser ? paths.overview() : paths.machines()} inherit underline="always">
            {isUser ? text.shell.items.ownMachines : says.machines}
          </Anchor>
        </Text>
      </Step>
      <Panel title={says.certificateTitle}>
        <Stack gap="sm">
          <Text size="sm">{says.certificate}</Text>
          <CopyText value={commands.withFingerprint} label={says.certificateTitle} />
        </Stack>
      </Panel>
      <Panel title={says.moreTitle}>
        <List size="sm" spacing={4}>
          {says.more.map((each) => (
            <List.Item key={each}>{each}</List.Item>
          ))}
        </List>
      </Panel>
    </Page>
  );
}

function Step({ number, title, children }: { readonly number: number; readonly title: string; children: ReactNode }) {
  return (
    <Panel title={`${number}. ${title}`}>
      <Stack gap="sm">{children}</Stack>
    </Panel>
  );
}

interface CommandProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}

function Command({ label, value, hint }: CommandProps) {
  return (
    <div>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      {hint && (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      )}
      <CopyText value={value} label={label} />
    </div>
  );
}
