/** How much there is to load before the first page is there. Times are told, not judged: machines are noisy. */
import { expect, test } from "vitest";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";

const FIRST_LOAD_BYTES_MAX = 250 * 1024;

interface Loaded {
  readonly name: string;
  readonly bytes: number;
}

test("the log-in and the first page after it load less than 250 KiB, and other pages bring their own part along", async () => {
  const service = await startConsoleService();
  const door = await openConsole(service, { isOnRealTime: true });
  await door.getByRole("button", { name: "Log In" }).waitFor();
  const logIn = await door.evaluate<Loaded[]>(LOADED);
  const page = await openConsole(service, { as: service.first.admin, isOnRealTime: true });
  await page.getByRole("heading", { level: 1 }).waitFor();
  const first = await page.evaluate<Loaded[]>(LOADED);
  const vitals = await page.evaluate<string>(TIMES);
  await page.getByRole("link", { name: "Search / List Users" }).click();
  await page.getByRole("heading", { level: 1, name: "Search / List Users" }).waitFor();
  const later = (await page.evaluate<Loaded[]>(LOADED)).filter(
    ({ name }) => !first.some((other) => other.name === name),
  );
  const kib = (files: readonly Loaded[]) => `${files.length} files, ${Math.round(sum(files) / 1024)} KiB`;
  console.log(
    `log-in: ${kib(logIn)}; with the first page: ${kib(first)}; list of users: ${kib(later)} more; ${vitals}`,
  );
  expect(sum(logIn)).toBeGreaterThan(50 * 1024);
  expect(sum(first)).toBeLessThan(FIRST_LOAD_BYTES_MAX);
  expect(later.some(({ name }) => name.endsWith(".js"))).toBe(true);
});

const sum = (files: readonly Loaded[]): number => files.reduce((total, { bytes }) => total + bytes, 0);

/** Evaluated in the page: what came over the wire but the API's answers, compressed as it came. */
const LOADED = `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter(({ name }) => !name.includes("/v1/"))
  .map(({ name, transferSize }) => ({ name, bytes: transferSize }))`;

const TIMES = `(() => {
  const [navigation] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const ms = (value) => Math.round(value ?? 0) + " ms";
  return "first byte " + ms(navigation?.responseStart) + ", first paint " + ms(paint?.startTime) + ", loaded " + ms(navigation?.loadEventEnd);
})()`;
