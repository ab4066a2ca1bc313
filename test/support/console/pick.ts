/** Choosing one of many that are searched for while one types. */
import type { Locator } from "playwright-core";
import { expect } from "vitest";

export async function pick(field: Locator, typed: string, named: string): Promise<void> {
  await field.fill(typed);
  const found = field.page().getByRole("listbox").getByRole("option");
  // Those that were offered before stand there until the answer comes: then they move.
  await expect.poll(() => found.allInnerTexts()).toEqual([expect.stringContaining(named)]);
  await found.click();
}
