/** How a machine is, or how a run ended: a sign and a word, never a colour alone. */
import {
  CheckCircleIcon,
  ClockIcon,
  ExclamationTriangleIcon,
  MinusCircleIcon,
  PauseCircleIcon,
  PlayCircleIcon,
  SignalSlashIcon,
  StopCircleIcon,
  XCircleIcon,
} from "@heroicons/react/24/outline";
import type { ComponentType, ReactNode, SVGProps } from "react";
import type { MachineStatus } from "../../../../protocol/messages/alerts.ts";
import type { BackupView } from "../../../../protocol/messages/records.ts";
import { text } from "../../messages/messages.ts";
import "./status-badge.css";

type Tone = "good" | "warning" | "bad" | "quiet" | "running";
type Sign = ComponentType<SVGProps<SVGSVGElement>>;

const MACHINE: Readonly<Record<MachineStatus, readonly [Tone, Sign]>> = {
  "on-time": ["good", CheckCircleIcon],
  late: ["warning", ClockIcon],
  failing: ["bad", XCircleIcon],
  never: ["warning", MinusCircleIcon],
  offline: ["quiet", SignalSlashIcon],
  suspended: ["quiet", PauseCircleIcon],
};

const RUN: Readonly<Record<BackupView["state"], readonly [Tone, Sign]>> = {
  success: ["good", CheckCircleIcon],
  incomplete: ["warning", ExclamationTriangleIcon],
  failed: ["bad", XCircleIcon],
  cancelled: ["quiet", StopCircleIcon],
  running: ["running", PlayCircleIcon],
};

export const StatusBadge = ({ status }: { readonly status: MachineStatus }) => {
  const [tone, sign] = MACHINE[status];
  return (
    <Signed tone={tone} sign={sign}>
      {text.charts.status[status]}
    </Signed>
  );
};

/** `children`: what is to be read, `shown.result` of a record. */
export const RunResult = ({
  state,
  children,
}: {
  readonly state: BackupView["state"];
  readonly children: ReactNode;
}) => {
  const [tone, sign] = RUN[state];
  return (
    <Signed tone={tone} sign={sign}>
      {children}
    </Signed>
  );
};

export interface SignedProps {
  readonly tone: Tone;
  readonly sign: Sign;
  readonly children: ReactNode;
}

export const Signed = ({ tone, sign: Icon, children }: SignedProps) => (
  <span className={`status status-${tone}`}>
    <Icon aria-hidden="true" className="status-sign" />
    <span>{children}</span>
  </span>
);

/** The sign alone, beside a number that is labelled. */
export const StatusSign = ({ status }: { readonly status: MachineStatus }) => {
  const [tone, Icon] = MACHINE[status];
  return (
    <span className={`status status-${tone}`} aria-hidden="true">
      <Icon className="status-sign" />
    </span>
  );
};
