/** Who can open a machine's backups. */
import type { Domain } from "../domain/domain.ts";
import { changeWrap } from "../domain/machines/change-wrap.ts";
import {
  addRecoveryCertificate,
  findRecoveryCertificate,
  listRecoveryCertificates,
  retireRecoveryCertificate,
} from "../domain/people/recovery-certificates.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const wrapsHandlers = (domain: Domain) =>
  ({
    changeWrap: ({ caller, params, body, address }) => changeWrap(domain, caller, { ...params, ...body }, address),
    findRecoveryCertificate: ({ params }) => findRecoveryCertificate(domain, params.fingerprint),
    listRecoveryCertificates: ({ caller }) => listRecoveryCertificates(domain, caller),
    addRecoveryCertificate: ({ caller, body, address }) =>
      addRecoveryCertificate(domain, caller, body.certificate, address),
    retireRecoveryCertificate: ({ caller, params, address }) =>
      retireRecoveryCertificate(domain, caller, params.fingerprint, address),
  }) satisfies Partial<ServiceHandlers>;
