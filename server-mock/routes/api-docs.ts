/** The API's own description: as OpenAPI, and as a page. Made when it is first asked for. */
import type { BytesAnswer } from "../http/call.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const apiDocsHandlers = (): Pick<ServiceHandlers, "openApi" | "apiPage"> => {
  let made: Promise<{ openApi: BytesAnswer; apiPage: BytesAnswer }> | undefined;
  const get = () => {
    made ??= make();
    return made;
  };
  return {
    openApi: async () => (await get()).openApi,
    apiPage: async () => (await get()).apiPage,
  };
};

async function make(): Promise<{ openApi: BytesAnswer; apiPage: BytesAnswer }> {
  const [{ openApi }, { apiPage, STYLE_SOURCE }] = await Promise.all([
    import("../../protocol/openapi/openapi.ts"),
    import("./api-page.ts"),
  ]);
  const document = Buffer.from(JSON.stringify(openApi()));
  const page = Buffer.from(apiPage());
  const policy = `default-src 'none'; style-src ${STYLE_SOURCE}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  const keep = { "cache-control": "public, max-age=300" };
  return {
    openApi: { bytes: document, sizeBytes: document.length, headers: keep },
    apiPage: { bytes: page, sizeBytes: page.length, headers: { ...keep, "content-security-policy": policy } },
  };
}
