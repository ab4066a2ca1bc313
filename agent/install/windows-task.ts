/** The scheduled task of an agent on Windows, which starts with the machine or with the person's log-in and again after a failure. Pure. */
import { xml } from "./launchd-job.ts";
import { agentWords, type UnitFacts } from "./unit-facts.ts";

/** The account of the system itself. */
const SYSTEM_ACCOUNT = "S-1-5-18";

/** `user`: whose log-in starts it, when it is not the system's. */
export function windowsTask(facts: UnitFacts, user: string): string {
  const isSystem = facts.scope === "system";
  const [program = "", ...rest] = agentWords(facts);
  const who = isSystem ? SYSTEM_ACCOUNT : user;
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Holdfast backup agent</Description>
  </RegistrationInfo>
  <Triggers>
    ${isSystem ? "<BootTrigger><Enabled>true</Enabled></BootTrigger>" : `<LogonTrigger><Enabled>true</Enabled><UserId>${xml(who)}</UserId></LogonTrigger>`}
  </Triggers>
  <Principals>
    <Principal id="agent">
      <UserId>${xml(who)}</UserId>
      ${isSystem ? "<RunLevel>HighestAvailable</RunLevel>" : "<LogonType>InteractiveToken</LogonType>\n      <RunLevel>LeastPrivilege</RunLevel>"}
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>8</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="agent">
    <Exec>
      <Command>${xml(program)}</Command>
      <Arguments>${xml(rest.map(argument).join(" "))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** As programs on Windows take their command line apart: backslashes count only before a quotation mark. */
export function argument(text: string): string {
  if (/^[^\s"]+$/.test(text)) return text;
  return `"${text.replace(/(\\*)("|$)/g, (_, slashes: string, mark: string) => `${slashes}${slashes}${mark && `\\${mark}`}`)}"`;
}
