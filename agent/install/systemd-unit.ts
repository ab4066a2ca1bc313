/**
 * The systemd unit of an agent: started with the machine and again after a failure, kept out of everybody's way, and able to read everything but to
 * write almost nothing. `Type=exec`, because nothing waits for the agent to be ready. Pure.
 */
import { agentWords, type UnitFacts } from "./unit-facts.ts";

/** The agent has put a new version of itself in place and wants to be started again (`holdfast run`). */
const RESTART_CODE = 75;
/** Of Ctrl-C and SIGTERM: how the agent ends when it is told to. */
const STOPPED_CODE = 130;
/** The first that waits longer each time. */
const GROWING_WAITS_VERSION = 254;

/** `version`: of systemd. */
export function systemdUnit(facts: UnitFacts, version: number): string {
  const { scope, dataFolder, memoryHighMiB } = facts;
  const isSystem = scope === "system";
  return `[Unit]
Description=Holdfast backup agent
${isSystem ? "Wants=network-online.target\nAfter=network-online.target\n" : ""}ConditionPathExists=${percent(dataFolder)}/settings.json
# A machine that was offline for a week is still to be backed up.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${agentWords(facts).map(systemdWord).join(" ")}
WorkingDirectory=/
Restart=on-failure
RestartSec=${version < GROWING_WAITS_VERSION ? "30" : "5\nRestartSteps=8\nRestartMaxDelaySec=10min"}
RestartForceExitStatus=${RESTART_CODE}
SuccessExitStatus=${STOPPED_CODE}
# A backup stops at the next chunk; what hooks started ends with the agent.
KillMode=mixed
TimeoutStopSec=90
SyslogIdentifier=${facts.name}
UMask=0077

# In nobody's way.
Nice=10
IOSchedulingClass=idle
CPUWeight=20
IOWeight=20
MemoryHigh=${memoryHighMiB}M
TasksMax=512
LimitNOFILE=65536
LimitCORE=0

${(isSystem ? systemFence(facts) : userFence(facts)).join("\n")}

[Install]
WantedBy=${isSystem ? "multi-user.target" : "default.target"}
`;
}

/**
 * As root: every file may be read, the data folder and what the settings name written. Not here, and why: MemoryDenyWriteExecute (V8 compiles),
 * PrivateTmp and PrivateDevices (/tmp and /dev are backed up as they are), RestrictSUIDSGID (a restored program keeps its bits), ProtectProc (load
 * and locks look at other processes), IP filters (the service may be anywhere).
 */
function systemFence(facts: UnitFacts): string[] {
  const { hasHooks, dataFolder, writable } = facts;
  if (hasHooks)
    return [
      "# There are hooks: programs of the owner's, which may have to write anywhere and to become other users.",
      ...COMMON_FENCE,
    ];
  const folders = [dataFolder, ...writable].map((path) => systemdWord(`-${path}`));
  return [
    "# Reads everything, writes here only. Other folders in the settings: `holdfast install-service` again.",
    "ProtectSystem=strict",
    "ProtectHome=read-only",
    `ReadWritePaths=${folders.join(" ")}`,
    "# Reading all files, and giving restored ones their owners, modes and attributes.",
    "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE CAP_CHOWN CAP_FOWNER CAP_FSETID CAP_SETFCAP",
    "NoNewPrivileges=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "RestrictNamespaces=yes",
    "KeyringMode=private",
    "DevicePolicy=closed",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
    ...COMMON_FENCE,
  ];
}

/** As a person: their own rights are fence enough, and a manager of theirs can't make the other ones everywhere. */
const userFence = ({ hasHooks }: UnitFacts): string[] => [
  ...(hasHooks ? [] : ["NoNewPrivileges=yes"]),
  ...COMMON_FENCE,
];

const COMMON_FENCE = ["LockPersonality=yes", "RestrictRealtime=yes", "SystemCallArchitectures=native"];

const percent = (text: string): string => text.replaceAll("%", "%%");

/** As systemd reads a word of a command line or of a list of paths. */
export function systemdWord(text: string): string {
  const escaped = percent(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("$", "$$$$");
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}
