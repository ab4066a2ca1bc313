/** How a machine's agent last said that it is. */
export const machineAgent = {
  agent: {
    state: "Agent",
    nextRun: "Next Run",
    localCopy: "Local Copy",
    problems: "Problems",
    none: "no agent has been at work there",
    silent: "last heard of",
    states: { idle: "Ready", "backing-up": "Backing up", paused: "Paused", waiting: "Waiting" },
    /** What it waits for. */
    because: {
      "on-battery": "runs on battery",
      "battery-low": "battery is low",
      metered: "network is metered",
      "network-not-listed": "on a network that it may not use",
      "network-never": "on a network that it never uses",
      load: "busy with other work",
      "outside-hours": "outside the hours for backups",
    },
    since: "since",
    until: "until",
    unplanned: "none planned",
    copyAway: "not connected",
    copyNever: "nothing there yet",
    copyUpdated: "updated",
  },
} as const;
