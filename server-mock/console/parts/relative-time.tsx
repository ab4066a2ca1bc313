/** How long ago; exactly when on hover and for screen readers. */
import { Anchor, Text, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { timeSince } from "../../../base/time-since.ts";
import { text } from "../messages/messages.ts";

const TICK_MS = 30_000;

export interface RelativeTimeProps {
  /** An instant of the API; null: it has not been. */
  readonly at: string | null;
  /** Instead of "never". */
  readonly never?: string;
}

export function RelativeTime({ at, never = text.common.never }: RelativeTimeProps) {
  const now = useNow();
  if (at === null)
    return (
      <Text span inherit c="dimmed">
        {never}
      </Text>
    );
  const then = Date.parse(at);
  return (
    <Tooltip label={exactTime(at)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time shows on focus, too. */}
      <time dateTime={at} tabIndex={0} className="has-tip">
        {then > now ? until(then, now) : timeSince(then, now)}
      </time>
    </Tooltip>
  );
}

/** The same as a link to what happened then. */
export function TimeLink({ at, href }: { readonly at: string; readonly href: string }) {
  const now = useNow();
  return (
    <Tooltip label={exactTime(at)}>
      <Anchor component={Link} href={href} inherit>
        <time dateTime={at}>{timeSince(Date.parse(at), now)}</time>
      </Anchor>
    </Tooltip>
  );
}

/** In the reader's own time zone. */
export const exactTime = (at: string): string => EXACT.format(new Date(at));
/** Never broken over two lines. */
export const shortDate = (at: string): string => DATE.format(new Date(at)).replaceAll(" ", "\u00a0");

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** What is to come: expiries, the next run. */
function until(then: number, now: number): string {
  const minutes = Math.round((then - now) / 60_000);
  if (minutes < 1) return text.common.inAMoment;
  if (minutes < 120) return text.common.inMinutes(minutes);
  if (minutes < 48 * 60) return text.common.inHours(Math.round(minutes / 60));
  return text.common.inDays(Math.round(minutes / 1440));
}

/** Milliseconds since 1970; moves on by itself. */
export function useNow(everyMs = TICK_MS): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
