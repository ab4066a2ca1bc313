import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { fingerprintOf, makeCertificate } from "../../server-mock/http/certificate.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

const NOW = Date.UTC(2026, 10, 1);

async function shownBy(address: string): Promise<string> {
  const { port } = new URL(address);
  const socket = connect({ port: Number(port), host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  expect(socket.getProtocol()).toBe("TLSv1.3");
  const shown = socket.getPeerX509Certificate()?.toString() ?? "";
  socket.destroy();
  return fingerprintOf(shown);
}

test("the operator's own certificate is shown, also on loopback, and a renewed one without a restart", async () => {
  const folder = tempFolder();
  const [tlsCert, tlsKey] = [join(folder, "tls.crt"), join(folder, "tls.key")];
  const put = ({ cert, key }: { cert: string; key: string }) => {
    writeFileSync(tlsCert, cert);
    writeFileSync(tlsKey, key);
  };
  const [first, second] = [
    await makeCertificate(["localhost"], NOW, systemRandom),
    await makeCertificate(["localhost"], NOW, systemRandom),
  ];
  put(first);
  const { service } = await startTestService({ config: { tlsCert, tlsKey } });
  expect(service.address).toMatch(/^https:/);
  expect(service.fingerprint).toBe(fingerprintOf(first.cert));
  expect(await shownBy(service.address)).toBe(fingerprintOf(first.cert));
  put(second);
  await service.renewCertificate();
  expect(await shownBy(service.address)).toBe(fingerprintOf(second.cert));
  put({ cert: first.cert, key: second.key });
  await expect(service.renewCertificate()).rejects.toMatchObject({ code: "config/invalid" });
  expect(await shownBy(service.address)).toBe(fingerprintOf(second.cert));
  const again = startTestService({ config: { tlsCert, tlsKey } });
  await expect(again).rejects.toMatchObject({ code: "config/invalid", data: { setting: `tlsCert ${tlsCert}` } });
});
