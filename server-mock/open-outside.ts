/** Opens the ways out that the settings name. Nothing is connected, and no library loaded, before the first mail or webhook. */
import type { Config } from "./config.ts";
import type { Outside } from "./domain/outside.ts";
import { httpHooks } from "./hooks/http-hooks.ts";
import { smtpPost } from "./mail/smtp-post.ts";
import { parseSmtpUrl } from "./mail/smtp-url.ts";
import { isLoopback } from "./settings/listen.ts";

type Wanted = Pick<Config, "listen" | "smtpUrl" | "mailFrom" | "publicUrl" | "baseDomain" | "allowPrivateWebhooks">;

/** Throws `config/invalid`. */
export function openOutside(config: Wanted): Outside {
  const publicUrl = config.publicUrl ?? ownUrl(config);
  return {
    post: config.smtpUrl === undefined ? undefined : smtpPost(parseSmtpUrl(config.smtpUrl)),
    mailFrom: config.mailFrom ?? `holdfast@${new URL(publicUrl).hostname}`,
    publicUrl,
    baseDomain: config.baseDomain,
    hooks: httpHooks({ allowPrivate: config.allowPrivateWebhooks }),
  };
}

/** Right on this machine and, if it listens by a name, beyond. */
function ownUrl({ listen: { host, port } }: Wanted): string {
  const shown = host.includes(":") ? `[${host}]` : host === "0.0.0.0" ? "localhost" : host;
  return `${isLoopback(host) ? "http" : "https"}://${shown}:${port}`;
}
