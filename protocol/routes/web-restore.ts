/** Restores in the browser. Questions with paths in them are POSTs: a path may be longer than an address. */
import { z } from "zod";
import { empty, id16, rowId } from "../messages/fields.ts";
import * as web from "../messages/web-restore.ts";
import type { Route } from "./route.ts";

const machineParams = z.strictObject({ machine: id16 });
const sessionParams = z.strictObject({ webRestore: rowId });
const archiveParams = z.strictObject({ archive: rowId });

export const webRestoreRoutes = {
  openWebRestore: {
    method: "POST",
    path: "/v1/machines/{machine}/web-restores",
    audience: ["console"],
    summary: "Open a machine's backups for looking at them in the browser; default keys only",
    params: machineParams,
    body: web.webRestoreRequest,
    response: web.webRestoreView,
  },
  closeWebRestore: {
    method: "DELETE",
    path: "/v1/web-restores/{webRestore}",
    audience: ["console"],
    summary: "Close it: the service forgets the key",
    params: sessionParams,
    response: empty,
  },
  listEntries: {
    method: "POST",
    path: "/v1/web-restores/{webRestore}/entries",
    audience: ["console"],
    summary: "What a folder held then, in pages; on request also what was deleted before",
    params: sessionParams,
    body: web.entriesRequest,
    response: web.entriesResponse,
  },
  searchEntries: {
    method: "POST",
    path: "/v1/web-restores/{webRestore}/search",
    audience: ["console"],
    summary: "Find names as of then",
    params: sessionParams,
    body: web.searchRequest,
    response: web.searchResponse,
  },
  listVersions: {
    method: "POST",
    path: "/v1/web-restores/{webRestore}/versions",
    audience: ["console"],
    summary: "All versions of one path, newest first",
    params: sessionParams,
    body: web.versionsRequest,
    response: web.versionsResponse,
  },
  sizeFolder: {
    method: "POST",
    path: "/v1/web-restores/{webRestore}/sizes",
    audience: ["console"],
    summary: "What uses the space below a folder",
    params: sessionParams,
    body: web.sizesRequest,
    response: web.sizesResponse,
  },
  readFile: {
    method: "GET",
    path: "/v1/web-restores/{webRestore}/file",
    audience: ["console"],
    summary: "One file, to be shown in place or downloaded",
    params: sessionParams,
    query: web.fileQuery,
    bytes: "response",
  },
  createArchive: {
    method: "POST",
    path: "/v1/web-restores/{webRestore}/archives",
    audience: ["console"],
    summary: "Have files and folders packed for download; gives a row in Restores and a link",
    params: sessionParams,
    body: web.archiveRequest,
    response: web.archiveCreated,
    large: true,
  },
  getArchive: {
    method: "GET",
    path: "/v1/archives/{archive}",
    audience: ["console"],
    summary: "How far an archive is",
    params: archiveParams,
    response: web.archiveView,
  },
  linkArchive: {
    method: "POST",
    path: "/v1/archives/{archive}/links",
    audience: ["console"],
    summary: "One more link to an archive that was asked for before; earlier ones stay good",
    params: archiveParams,
    response: web.downloadLink,
  },
  cancelArchive: {
    method: "DELETE",
    path: "/v1/archives/{archive}",
    audience: ["console"],
    summary: "Take an archive back: its links end, a download breaks off",
    params: archiveParams,
    response: empty,
  },
  download: {
    method: "GET",
    path: "/v1/downloads/{link}",
    audience: ["none"],
    summary: "The archive, packed while it is sent; the link is all it takes",
    params: z.strictObject({ link: z.string().regex(/^[A-Za-z0-9_-]{43}$/) }),
    bytes: "response",
  },
} as const satisfies Record<string, Route>;
