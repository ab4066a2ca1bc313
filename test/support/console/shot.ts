/** Pictures for docs/console/, taken when they are asked for: `SCREENSHOTS=1 npm run test:console`. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const folder = fileURLToPath(new URL("../../../docs/console/", import.meta.url));

export async function shot(
  page: Page,
  name: string,
  { isWhole = false }: { readonly isWhole?: boolean } = {},
): Promise<void> {
  if (process.env.SCREENSHOTS !== "1") return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: isWhole, animations: "disabled" });
}
