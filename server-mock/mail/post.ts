/** The way to a mail server, as the rules see it. One implementation speaks SMTP; nothing here says so. */
import type { Readable } from "node:stream";

export interface Address {
  readonly name: string;
  readonly address: string;
}

export interface OutgoingMail {
  /** Becomes the Message-ID: a mail that was sent twice after a crash is recognized as one. */
  readonly id: string;
  readonly from: Address;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where its reader turns such mails off. */
  readonly unsubscribeUrl?: string | undefined;
  /** Read once, as it is sent. */
  readonly attachment?: { readonly name: string; readonly media: string; readonly content: Readable } | undefined;
}

/** `refused` is for good; `failed` may work later. */
export type Outcome =
  | { readonly kind: "sent" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export interface Post {
  /** Never throws: what went wrong is in the outcome. */
  send(mail: OutgoingMail): Promise<Outcome>;
  /** Ends idle connections; the next `send` opens them again. */
  rest(): void;
}
