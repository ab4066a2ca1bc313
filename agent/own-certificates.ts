/** An administrator makes the organization's recovery certificate known to the service. */
import type { RecoveryCertificateView } from "../protocol/messages/wraps.ts";
import { consoleRemote, publicRemote } from "./remote/http-remote.ts";
import type { Login } from "./remote/remote.ts";
import type { ServiceAddress } from "./remote/service-address.ts";

export interface AddCertificateOptions {
  readonly address: ServiceAddress;
  readonly login: Login;
  /** PEM. */
  readonly certificate: string;
}

/** Throws `recovery-certificate/invalid`, `role/not-allowed`. */
export async function addRecoveryCertificate({
  address,
  login,
  certificate,
}: AddCertificateOptions): Promise<RecoveryCertificateView> {
  const { token } = await publicRemote(address).login(login);
  const account = consoleRemote(address, token);
  try {
    return await account.addRecoveryCertificate(certificate);
  } finally {
    await account.logout().catch(() => undefined);
  }
}
