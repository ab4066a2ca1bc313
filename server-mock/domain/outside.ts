/** What lies outside: where mails and webhooks leave, and how the service calls itself in them. */
import type { Hooks } from "../hooks/hooks.ts";
import type { Post } from "../mail/post.ts";

export interface Outside {
  /** undefined: no mail server was named, mails wait. */
  readonly post: Post | undefined;
  /** The address that mails come from. */
  readonly mailFrom: string;
  /** Of the console, without a slash at its end. */
  readonly publicUrl: string;
  /** Organizations log in at `<subdomain>.<baseDomain>`; undefined: at `publicUrl/o/<subdomain>`. */
  readonly baseDomain: string | undefined;
  readonly hooks: Hooks;
}
