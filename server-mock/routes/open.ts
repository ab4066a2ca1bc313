/** Routes for anybody: health, facts, registration, log-in. */
import { PACK_BYTES_MAX } from "../../protocol/limits.ts";
import type { LoginResponse } from "../../protocol/messages/accounts.ts";
import { PROTOCOL, VERSION } from "../../protocol/version.ts";
import { logIn, logInSecondStep, logOut, prove } from "../domain/access/log-in.ts";
import { CONSOLE_MS } from "../domain/access/tokens.ts";
import type { Domain } from "../domain/domain.ts";
import { recover } from "../domain/machines/machines.ts";
import { register } from "../domain/machines/registration.ts";
import { subdomainOf } from "../domain/people/subdomains.ts";
import type { Browser } from "../http/browser.ts";
import type { ServiceHandlers } from "./handlers.ts";

/** How many packs an agent should have on their way at once. */
const UPLOADS = 3;

export const openHandlers = (domain: Domain) =>
  ({
    live: async () => ({ status: "ok" }),
    ready: async ({ setStatus }) => {
      const checks = {
        database: await outcome(() => domain.records.probe()),
        storage: await outcome(() => domain.blobs.probe()),
      };
      const isOk = Object.values(checks).every((check) => check === "ok");
      if (!isOk) setStatus(503);
      return { status: isOk ? "ok" : "failing", checks };
    },
    service: async () => ({
      name: "holdfast",
      version: VERSION,
      protocol: { ...PROTOCOL },
      kek: { id: domain.keys.kek.id, publicKey: domain.keys.kek.publicKey.toString("base64") },
      receiptKey: domain.keys.receipts.publicKey.toString("base64"),
      limits: { packBytes: PACK_BYTES_MAX, uploads: UPLOADS },
    }),
    register: ({ body, address }) => register(domain, body, address),
    recover: ({ caller, body, address }) => recover(domain, caller, body, address),
    login: async ({ body, address, browser }) => {
      if (body.cookie) browser.checkSameSite();
      const organization = body.organization ?? subdomainOf(domain.outside, browser.host);
      const response = await logIn(domain, { ...body, organization }, { address, userAgent: browser.userAgent });
      return body.cookie ? inCookie(browser, response) : response;
    },
    loginSecondFactor: async ({ body, address, browser }) => {
      const place = { address, userAgent: browser.userAgent };
      const { response, isCookie } = await logInSecondStep(domain, body, place, browser.checkSameSite);
      return isCookie ? inCookie(browser, response) : response;
    },
    prove: ({ caller, body, address }) => prove(domain, caller, body, address),
    logout: async ({ caller, browser }) => {
      await logOut(domain, caller);
      browser.clearCookie();
      return {};
    },
  }) satisfies Partial<ServiceHandlers>;

/** No script of the page ever sees the token. */
function inCookie(browser: Browser, response: LoginResponse): LoginResponse {
  browser.giveCookie(response.token, CONSOLE_MS);
  return { ...response, token: "" };
}

async function outcome(probe: () => Promise<void>): Promise<string> {
  try {
    await probe();
    return "ok";
  } catch (error) {
    return error instanceof Error ? error.message : "failed";
  }
}
