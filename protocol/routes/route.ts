/** One route as data. */
import type { z } from "zod";
import type { Capability } from "../capabilities.ts";

export type Audience = "none" | "agent" | "console" | "restore";

/** What must be done before a log-in is good for anything else; `restore`: it was given for restores only. */
export type LoginLimit = "second-factor" | "password" | "restore";

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{parameters}`. */
  readonly path: string;
  readonly audience: readonly Audience[];
  /** What the account must be allowed to do; absent: whoever may log in, for what is its own. */
  readonly needs?: Capability;
  /** Asks for the password again when it was given more than five minutes ago. */
  readonly stepUp?: true;
  /** Only the person itself, at a log-in of its own: no named token, nobody who acts in its name. */
  readonly self?: true;
  /** Also for log-ins that are limited to this; absent: for unlimited ones only. */
  readonly goodFor?: readonly LoginLimit[];
  /** The answer carries the row's ETag; a change must name it in `If-Match` when it names one at all. */
  readonly etag?: true;
  /** One line, for people who read the API's page. */
  readonly summary?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** JSON unless `bytes` says that the body is an octet-stream. */
  readonly body?: z.ZodType;
  readonly response?: z.ZodType;
  readonly bytes?: "request" | "response";
  /** Of an answer of bytes; application/octet-stream unless set. */
  readonly media?: string;
  /** Needs more than the usual limit of a JSON body. */
  readonly large?: true;
}
