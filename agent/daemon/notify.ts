/** Messages on the desktop, where there is one: a program of the system shows them, without a shell and for no longer than it should take. */
import { execFile } from "node:child_process";
import type { Variables } from "./run-hook.ts";

export interface DesktopCommand {
  readonly program: string;
  readonly words: readonly string[];
  /** All that it inherits. */
  readonly variables: Variables;
}

const LIMIT_MS = 10_000;
const TEXT_MAX = 500;
/** What leads to a session's screen. */
const SESSION = ["PATH", "HOME", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY", "LANG"];
const WINDOWS = ["PATH", "Path", "SystemRoot", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP"];

/** `undefined`: nobody would see it, such as from a system's service on Linux. Pure. */
export function desktopCommand(
  title: string,
  text: string,
  platform: NodeJS.Platform,
  environment: Variables,
): DesktopCommand | undefined {
  const [head, body] = [plain(title), plain(text)];
  if (platform === "darwin")
    return {
      program: "/usr/bin/osascript",
      words: [...APPLE_SCRIPT, head, body],
      variables: some(environment, SESSION),
    };
  if (platform === "win32") {
    const given = { ...some(environment, WINDOWS), HOLDFAST_TITLE: head, HOLDFAST_TEXT: body };
    const script = Buffer.from(POWER_SHELL, "utf16le").toString("base64");
    const words = ["-NoProfile", "-NonInteractive", "-WindowStyle", "Hidden", "-EncodedCommand", script];
    return { program: "powershell.exe", words, variables: given };
  }
  if (!environment.DBUS_SESSION_BUS_ADDRESS && !environment.XDG_RUNTIME_DIR) return undefined;
  // Some desktops take the text for markup.
  const words = ["--app-name=Holdfast", "--icon=dialog-warning", "--", head, escaped(body)];
  return { program: "notify-send", words, variables: some(environment, SESSION) };
}

/** Shows it if it can; nobody waits for it, and a desktop that can't is no trouble. */
export function notifyDesktop(title: string, text: string, environment: Variables): void {
  const command = desktopCommand(title, text, process.platform, environment);
  if (!command) return;
  const { program, words, variables } = command;
  const options = { env: { ...variables }, timeout: LIMIT_MS, killSignal: "SIGKILL", windowsHide: true } as const;
  const child = execFile(program, [...words], options, () => undefined);
  child.stdin?.end();
  child.unref();
}

/** Texts are its arguments, not part of the script. */
const APPLE_SCRIPT = [
  "-e",
  "on run texts",
  "-e",
  "display notification (item 2 of texts) with title (item 1 of texts)",
  "-e",
  "end run",
];

/** Texts come by variables, not as part of the script. */
const POWER_SHELL = `
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$toast = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$texts = $toast.GetElementsByTagName('text')
[void]$texts.Item(0).AppendChild($toast.CreateTextNode($env:HOLDFAST_TITLE))
[void]$texts.Item(1).AppendChild($toast.CreateTextNode($env:HOLDFAST_TEXT))
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier('Holdfast').Show([Windows.UI.Notifications.ToastNotification]::new($toast))
`;

/** Names of files stand in it, which anybody may have made: no control characters, nothing that turns the direction of writing. */
function plain(text: string): string {
  const safe = text.toWellFormed().replace(/[\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/gu, "\ufffd");
  return safe.length > TEXT_MAX ? `${safe.slice(0, TEXT_MAX - 1).toWellFormed()}…` : safe;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const some = (environment: Variables, names: readonly string[]): Variables =>
  Object.fromEntries(names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
