/** What is around the forms of mailed reports and of e-mail alerts: whose it is, what others changed meanwhile, where it goes on after saving. */
import { Alert } from "@mantine/core";
import { useLocation } from "wouter";
import { text } from "../../messages/messages.ts";
import { notify } from "../../parts/notify.tsx";
import { Theirs, type TheirsProps } from "../../parts/seen-version.tsx";
import { useSession } from "../../session/session.tsx";
import { type Scheduled, shownTiming } from "./schedule-values.ts";

const { form: texts } = text.reports;

/** Says that it is saved, and goes back to the `list`. */
export function useScheduleSaved(list: string): (subject: string) => void {
  const [, navigate] = useLocation();
  return (subject) => {
    notify(texts.created(subject));
    navigate(list);
  };
}

/** Who saves what somebody else made has it from then on. */
export function TakeOver({ madeBy }: { readonly madeBy: string }) {
  const { account } = useSession();
  return madeBy === account.email ? null : <Alert color="gray">{texts.takeOver(madeBy)}</Alert>;
}

interface ScheduleTheirsProps<Shown> extends Omit<TheirsProps<Shown>, "fields"> {
  /** What only this kind has. */
  readonly own: TheirsProps<Shown>["fields"][number];
}

export const ScheduleTheirs = <Shown extends Scheduled>({ own, ...props }: ScheduleTheirsProps<Shown>) => (
  <Theirs
    {...props}
    fields={[
      [texts.subject, ({ subject }) => subject],
      own,
      [texts.frequency, shownTiming],
      [texts.recipients, ({ recipients }) => recipients.join(", ")],
      [texts.isActive, ({ isActive }) => (isActive ? text.common.yes : text.common.no)],
    ]}
  />
);
