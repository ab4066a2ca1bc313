/** How many machines are how: each number leads to those machines. */
import { Anchor, Box, Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Overview } from "../../../../protocol/messages/overview.ts";
import { text } from "../../messages/messages.ts";
import { StatusSign } from "../../parts/charts/status-badge.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import "./overview.css";

/** Those that somebody has to look after. */
const TROUBLED: readonly string[] = ["late", "failing", "never", "offline"];

export function StatusTiles({ overview: { machines, countedAt } }: { readonly overview: Overview }) {
  const mayOpen = useSession().can("machines.view");
  const { total, byStatus } = machines;
  const troubled = byStatus.reduce((sum, { status, count }) => sum + (TROUBLED.includes(status) ? count : 0), 0);
  return (
    <div>
      <Group justify="space-between" align="baseline" mb="xs">
        <Title order={2} size="h3">
          {troubled === 0 ? text.overview.allGood(total) : text.overview.needAttention(troubled, total)}
        </Title>
        <Text size="xs" c="dimmed" component="div">
          {text.overview.countedAt} <RelativeTime at={countedAt} />
        </Text>
      </Group>
      <ul className="status-tiles" aria-label={text.overview.statuses}>
        {byStatus.map(({ status, count, filter }) => (
          <li key={status}>
            <Tile
              className={`status-tile${count > 0 && TROUBLED.includes(status) ? " status-tile-loud" : ""}`}
              href={mayOpen ? paths.machines(filter) : undefined}
            >
              <span className="status-tile-count">
                <StatusSign status={status} />
                {count.toLocaleString("en")}
              </span>
              <span className="status-tile-name">{text.charts.status[status]}</span>
            </Tile>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface TileProps {
  readonly className: string;
  /** undefined: it leads nowhere, as the list is not for everybody. */
  readonly href: string | undefined;
  readonly children: ReactNode;
}

const Tile = ({ className, href, children }: TileProps) =>
  href === undefined ? (
    <Box className={className}>{children}</Box>
  ) : (
    <Anchor component={Link} href={href} underline="never" className={className}>
      {children}
    </Anchor>
  );
