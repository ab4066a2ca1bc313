/**
 * The console in a browser, on a test service. What the browser complains of (errors in its log, refused by the page's policy, failed scripts, requests
 * to anywhere else) fails the test.
 */
import { setTimeout as later } from "node:timers/promises";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, expect, inject, onTestFinished } from "vitest";
import { startTestService, type TestService, type TestServiceOptions } from "../test-service.ts";

export interface OpenOptions {
  /** Logs in by the form; absent: the log-in page. */
  readonly as?: { readonly email: string; readonly password: string };
  /** The subdomain where a user logs in. */
  readonly at?: string;
  readonly path?: string;
  readonly colorScheme?: "light" | "dark";
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The browser's own time instead of the service's: its clock and measurements are as they are. */
  readonly isOnRealTime?: boolean;
  /** Answers of the service that the browser may log as errors: refusals that the test is about. */
  readonly mayFail?: readonly RegExp[];
}

/** As long as `expect.poll`: two processors, and others at work on them. */
const WAIT_MS = 60_000;

let running: Promise<Browser> | undefined;

/** A test service with the console. */
export const startConsoleService = (options: TestServiceOptions = {}): Promise<TestService> =>
  startTestService({ ...options, consoleFolder: inject("consoleFolder") });

export async function openConsole(service: TestService, options: OpenOptions = {}): Promise<Page> {
  const context = await newContext(service, options);
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  watch(page, service, options.mayFail ?? []);
  const door = options.at === undefined ? "" : `/o/${options.at}`;
  const path = options.path ?? "/";
  if (options.as === undefined) {
    await page.goto(`${service.address}${door}${path}`);
    return page;
  }
  await page.goto(`${service.address}${door === "" ? path : door}`);
  await page.getByLabel("Email or log-in name").fill(options.as.email);
  await page.getByLabel("Password", { exact: true }).fill(options.as.password);
  await page.getByRole("button", { name: "Log In" }).click();
  await page.getByRole("navigation", { name: "Menu" }).waitFor({ state: "attached" });
  if (door !== "" && path !== "/") await page.goto(`${service.address}${path}`);
  return page;
}

async function newContext(service: TestService, options: OpenOptions): Promise<BrowserContext> {
  running ??= launch();
  const browser = await running;
  const context = await browser.newContext({
    colorScheme: options.colorScheme ?? "light",
    viewport: options.viewport ?? { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  // The page's clock is the service's: "5 minutes ago" is the same on both sides.
  if (!options.isOnRealTime) await context.clock.setFixedTime(service.clock.now());
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail")
      for (const page of context.pages())
        console.error(`the page when the test failed, ${page.url()}:\n${await seenOn(page)}`);
    // A browser that doesn't let go of it in time is ended with the file's last test.
    await Promise.race([context.close(), later(WAIT_MS, undefined, { ref: false })]);
  });
  return context;
}

/** What a person saw, for whoever reads why a test failed. */
const seenOn = (page: Page): Promise<string> =>
  page
    .locator("body")
    .ariaSnapshot({ timeout: 2000 })
    .catch((error: unknown) => `can't be read any more: ${String(error)}`);

const launch = async (): Promise<Browser> => {
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"];
  return await chromium.launch({ executablePath: inject("browser"), args, timeout: 2 * WAIT_MS });
};

afterAll(async () => {
  await (await running)?.close();
});

function watch(page: Page, service: TestService, mayFail: readonly RegExp[]): void {
  const problems: string[] = [];
  const note = (problem: string) => {
    if (!mayFail.some((each) => each.test(problem))) problems.push(problem);
  };
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const text = `${message.text()} ${message.location().url}`;
    // Before the log-in the console asks who is here; nobody is.
    if (/401/.test(text) && /\/v1\/(account|login)/.test(text)) return;
    note(text);
  });
  page.on("pageerror", (error) => note(`a script failed: ${error.stack ?? error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== service.address && !["blob:", "data:"].includes(url.protocol))
      note(`a request to ${url.origin}`);
  });
  // Policy violations are errors of the browser's log; a report beside it names the directive.
  onTestFinished(() => expect(problems, "what the browser complains of").toEqual([]));
}
