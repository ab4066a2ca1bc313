/** The facts of a machine's agent, as it last said them. */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { AgentView } from "../../../../protocol/messages/heartbeat.ts";
import { text } from "../../messages/messages.ts";
import { RelativeTime, useNow } from "../../parts/relative-time.tsx";

const { agent: words } = text.machines;

/** Three heartbeats, and a little. */
const SILENT_MS = 16 * 60_000;

/** For the list of facts; none at all of a machine where nobody runs an agent. */
export function agentFacts(agent: AgentView | null): (readonly [name: string, value: ReactNode])[] {
  if (agent === null) return [[words.state, <Dimmed key="none">{words.none}</Dimmed>]];
  const { nextRunAt, problems, localCopy } = agent;
  return [
    [words.state, <State key="agent" agent={agent} />],
    [words.nextRun, <RelativeTime key="next" at={nextRunAt} never={words.unplanned} />],
    ...(localCopy === null ? [] : [[words.localCopy, <Copy key="copy" copy={localCopy} />] as const]),
    ...(problems.length === 0 ? [] : [[words.problems, problems.join(", ")] as const]),
  ];
}

function State({ agent: { state, because, since, heardAt, pausedUntil } }: { readonly agent: AgentView }) {
  const now = useNow();
  if (now - Date.parse(heardAt) > SILENT_MS)
    return (
      <Dimmed>
        {words.silent} <RelativeTime at={heardAt} />
      </Dimmed>
    );
  const end = state === "paused" ? pausedUntil : null;
  return (
    <>
      {words.states[state]}
      {state === "waiting" && because !== null && `: ${isKnown(because) ? words.because[because] : because}`}
      {", "}
      {end === null ? words.since : words.until} <RelativeTime at={end ?? since} />
    </>
  );
}

function Copy({ copy: { isPresent, lastUpdateAt, bytes } }: { readonly copy: NonNullable<AgentView["localCopy"]> }) {
  return (
    <>
      {!isPresent && `${words.copyAway}, `}
      {lastUpdateAt === null ? (
        words.copyNever
      ) : (
        <>
          {words.copyUpdated} <RelativeTime at={lastUpdateAt} />
        </>
      )}
      {bytes !== null && ` (${formatBytes(bytes)})`}
    </>
  );
}

const Dimmed = ({ children }: { readonly children: ReactNode }) => (
  <Text span inherit c="dimmed">
    {children}
  </Text>
);

const isKnown = (code: string): code is keyof typeof words.because => code in words.because;
