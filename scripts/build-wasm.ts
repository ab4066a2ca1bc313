/** Turns agent/chunk/split.wat into split.generated.ts; `test/meta/generated.test.ts` proves that the two agree. */
import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

const source = new URL("../agent/chunk/split.wat", import.meta.url);
const target = new URL("../agent/chunk/split.generated.ts", import.meta.url);

export async function generate(): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat("split.wat", readFileSync(source, "utf8"));
  const { buffer } = module.toBinary({});
  return `/** Made from split.wat by \`node scripts/build-wasm.ts\`; don't edit. */\nexport const SPLIT_WASM =\n  "${Buffer.from(buffer).toString("base64")}";\n`;
}

if (import.meta.main) writeFileSync(target, await generate());
