/** The narrowest screen that counts: what doesn't fit must not push the page aside. */
import type { Page } from "playwright-core";
import { expect } from "vitest";

const PHONE = { width: 390, height: 844 };

export async function expectFitsPhone(page: Page): Promise<void> {
  await page.setViewportSize(PHONE);
  await expect
    .poll(() => page.evaluate<number>("document.documentElement.scrollWidth"), {
      message: `how wide ${new URL(page.url()).pathname} is`,
    })
    .toBeLessThanOrEqual(PHONE.width);
}
