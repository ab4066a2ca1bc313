/** Routes about who can open a machine's backups. */
import { z } from "zod";
import { id16, id32 } from "../messages/fields.ts";
import * as wraps from "../messages/wraps.ts";
import type { Route } from "./route.ts";

const ofCertificate = z.strictObject({ fingerprint: id32 });

export const wrapsRoutes = {
  changeWrap: {
    method: "PUT",
    path: "/v1/machines/{machine}/wrap",
    audience: ["console"],
    self: true,
    stepUp: true,
    goodFor: ["restore"],
    summary: "Another wrap of an own machine's vault secret: new passphrase, or another kind of key",
    params: z.strictObject({ machine: id16 }),
    body: wraps.wrapChange,
    response: wraps.wrapChanged,
  },
  findRecoveryCertificate: {
    method: "GET",
    path: "/v1/recovery-certificates/{fingerprint}",
    audience: ["none"],
    summary: "A recovery certificate, for machines that were told its fingerprint",
    params: ofCertificate,
    response: wraps.recoveryCertificateFound,
  },
  listRecoveryCertificates: {
    method: "GET",
    path: "/v1/organization/recovery-certificates",
    audience: ["console"],
    needs: "organization.view",
    summary: "The organization's recovery certificates, retired ones too",
    response: wraps.recoveryCertificates,
  },
  addRecoveryCertificate: {
    method: "POST",
    path: "/v1/organization/recovery-certificates",
    audience: ["console"],
    needs: "organization.edit",
    stepUp: true,
    summary: "Machines may be opened with this certificate's key; it stays with the organization",
    body: wraps.recoveryCertificateAdd,
    response: wraps.recoveryCertificateView,
  },
  retireRecoveryCertificate: {
    method: "DELETE",
    path: "/v1/organization/recovery-certificates/{fingerprint}",
    audience: ["console"],
    needs: "organization.edit",
    stepUp: true,
    summary: "No new machine may use this certificate",
    params: ofCertificate,
    response: wraps.recoveryCertificateView,
  },
} as const satisfies Record<string, Route>;
