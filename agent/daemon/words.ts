/** Reasons in words, for the log and for people. */
import type { ConditionWait } from "./conditions.ts";
import type { Reason } from "./plan-facts.ts";

export function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case "due":
      return "it is the time of its schedule";
    case "caught-up":
      return `its time was missed: ${new Date(reason.missedAt).toISOString()}`;
    case "tried-again":
      return reason.failures === 1 ? "the last one failed" : `the last ${reason.failures} failed`;
    case "idle":
      return "the machine is idle";
    case "changes":
      return reason.isQuiet ? "files have changed" : "files go on changing";
    case "first":
      return "the agent has made none yet";
    case "a-day-has-passed":
      return "a day has passed";
  }
}

export const waitsText = (waits: readonly ConditionWait[]): string => waits.map(waitText).join("; ");

function waitText(wait: ConditionWait): string {
  switch (wait.kind) {
    case "on-battery":
      return "the machine runs on its battery";
    case "battery-low":
      return `the battery has ${Math.round(wait.percent)} %, less than ${wait.minPercent} %`;
    case "metered":
      return wait.names.length > 0 ? `the network is metered: ${wait.names.join(", ")}` : "the network is metered";
    case "network-not-listed":
      return wait.names.length > 0
        ? `the network is none of those that may be used: ${wait.names.join(", ")}`
        : "none of the networks that may be used is there";
    case "network-never":
      return `the network is not to be used: ${wait.name}`;
    case "load":
      return `the processors are busy (${Math.round(wait.cpuPercent ?? 100)} %, the limit is ${wait.belowPercent} %)`;
    case "outside-hours":
      return "it is outside the hours in which backups may run";
  }
}
