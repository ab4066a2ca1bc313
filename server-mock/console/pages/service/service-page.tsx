/** The service itself: what it is, how it is, what it does unasked. */
import { Anchor, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Page } from "../../parts/page.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";
import { paths } from "../../paths.ts";
import { Jobs } from "./jobs.tsx";

const { page: says } = text.service;
const HEALTH_MS = 30_000;

export function ServicePage() {
  return (
    <Page title={says.title}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        <Part title={says.about}>
          <About />
        </Part>
        <Part title={says.health}>
          <Health />
        </Part>
      </SimpleGrid>
      <Part title={says.jobs}>
        <Text size="sm" c="dimmed">
          {says.jobsHint}
        </Text>
        <Jobs />
      </Part>
    </Page>
  );
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Stack gap="sm" component="section">
    <Title order={2} size="h4">
      {title}
    </Title>
    {children}
  </Stack>
);

function About() {
  const { data, error, refetch } = useRead("service");
  if (error !== null) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  return (
    <Facts
      rows={[
        [says.version, data?.version],
        [says.protocol, data && says.protocolOf(data.protocol.min, data.protocol.max)],
        [
          says.receiptKey,
          data && (
            <span key="receipts" title={says.receiptKeyHint}>
              {data.receiptKey}
            </span>
          ),
        ],
        [says.kek, data?.kek.id],
        [
          says.links,
          <Group key="links" gap="md">
            <Out href={urlOf("apiPage")} label={says.apiDocs} />
            <Out href={urlOf("openApi")} label={says.openApi} />
            <span title={says.metricsHint}>
              <Out href="/metrics" label={says.metrics} />
            </span>
          </Group>,
        ],
      ]}
    />
  );
}

const Out = ({ href, label }: { readonly href: string; readonly label: string }) => (
  <Anchor href={href} target="_blank" rel="noreferrer" inherit>
    {label}
  </Anchor>
);

function Health() {
  const ready = useRead("ready", {}, { everyMs: HEALTH_MS });
  const { data: overview } = useRead("overview", {}, { everyMs: HEALTH_MS });
  const checks = Object.entries(ready.data?.checks ?? {});
  return (
    <Stack gap="sm">
      {ready.error && <ErrorBox error={ready.error} onRetry={() => void ready.refetch()} />}
      <Facts
        rows={[
          ...checks.map(([name, outcome]) => [nameOf(name), <Outcome key={name} outcome={outcome} />] as const),
          overview && [
            says.mail,
            overview.mail.isConfigured ? (
              <Anchor key="mail" component={Link} href={paths.mails()} inherit>
                {says.mailOn(overview.mail.waiting, overview.mail.failed)}
              </Anchor>
            ) : (
              overview.mail.hint
            ),
          ],
          overview && [
            says.storage,
            overview.storage.limitBytes === null ? (
              `${formatBytes(overview.storage.usedBytes)} ${says.storageOf}`
            ) : (
              <UsageBar
                key="storage"
                label={says.storage}
                used={overview.storage.usedBytes}
                limit={overview.storage.limitBytes}
              />
            ),
          ],
          overview && [
            says.machines,
            <Anchor key="machines" component={Link} href={paths.machines()} inherit>
              {overview.machines.total.toLocaleString("en")}
            </Anchor>,
          ],
          overview && [says.runningBackups, overview.runningBackups.toLocaleString("en")],
          overview && [
            says.openAlerts,
            <Anchor key="alerts" component={Link} href={paths.alerts({ state: "open" })} inherit>
              {overview.alerts.open.toLocaleString("en")}
            </Anchor>,
          ],
        ]}
      />
    </Stack>
  );
}

const CHECKS: Readonly<Record<string, string>> = says.checks;
const nameOf = (check: string): string => CHECKS[check] ?? check;

const Outcome = ({ outcome }: { readonly outcome: string }) => (
  <StateBadge color={outcome === "ok" ? "teal" : "red"}>{outcome === "ok" ? says.ok : outcome}</StateBadge>
);
