/** What axe finds wrong on a page, by rule and element. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const STILL_TO_COME = "[aria-busy=true], .mantine-Skeleton-root";

export async function expectAccessible(page: Page): Promise<void> {
  // What is still to come changes the page under the look.
  await expect.poll(() => page.locator(STILL_TO_COME).count(), { message: "what the page still waits for" }).toBe(0);
  // Legacy: without a second page that puts frames together, which the console has none of. Half the time.
  const axe = new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] })
    .withTags(RULES);
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} (${failureSummary?.split("\n")[1]?.trim()})`),
  );
  expect(found).toEqual([]);
}
