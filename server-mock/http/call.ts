/** What a handler gets and gives, derived from the table of routes: parsed already, allowed already. */
import type { Readable } from "node:stream";
import type { z } from "zod";
import type { Audience, ROUTES, RouteName } from "../../protocol/routes.ts";
import type { Browser } from "./browser.ts";

/** Who calls, by audience of the token; `none` is anybody. */
export type Callers = Record<Audience, { readonly audience: Audience }>;

type RouteOf<Name extends RouteName> = (typeof ROUTES)[Name];
type Parsed<Of, Key extends string> =
  Of extends Record<Key, infer Schema extends z.ZodType> ? z.output<Schema> : undefined;

export interface Call<Name extends RouteName, Who extends Callers> {
  readonly caller: Who[RouteOf<Name>["audience"][number]];
  readonly params: Parsed<RouteOf<Name>, "params">;
  readonly query: Parsed<RouteOf<Name>, "query">;
  readonly body: Parsed<RouteOf<Name>, "body">;
  readonly upload: RouteOf<Name> extends { bytes: "request" } ? Upload : undefined;
  /** The `Range` header. */
  readonly range: string | undefined;
  /** Of a route with `etag`: the version that the caller has seen and wants to change; see `domain/versions.ts`. */
  readonly ifMatch: number | undefined;
  /** The caller's network address. */
  readonly address: string;
  readonly browser: Browser;
  /** The caller went away: what only it waits for can stop. */
  readonly signal: AbortSignal;
  /** Of the answer; 200 unless set. */
  setStatus(status: number): void;
}

/** An octet-stream body that nobody has read yet. */
export interface Upload {
  readonly source: Readable;
  readonly sizeBytes: number;
}

/** Hands on piece by piece; a piece is valid until its promise resolves. */
export type Pour = (write: (piece: Uint8Array) => Promise<void>) => Promise<void>;

/** An octet-stream answer. */
export interface BytesAnswer {
  readonly bytes: Buffer | Pour;
  /** Absent: nobody knows before the end, so it is sent in chunks. */
  readonly sizeBytes?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Answer<Name extends RouteName> =
  RouteOf<Name> extends { response: infer Schema extends z.ZodType } ? z.input<Schema> : BytesAnswer;

export type Handler<Name extends RouteName, Who extends Callers> = (call: Call<Name, Who>) => Promise<Answer<Name>>;

/** One handler for each route. */
export type Handlers<Who extends Callers> = { readonly [Name in RouteName]: Handler<Name, Who> };
