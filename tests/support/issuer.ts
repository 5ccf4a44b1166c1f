import { exportJWK, generateKeyPair, type JWK } from "jose";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An issuer of tokens: its private keys, and where its public ones are. */
export type Issuer = { jwksUrl: string; rsa: JWK; elliptic: JWK };

/**
 * Opens an issuer that lives as long as the process. Besides `/keys` it has `/keys/rsa` (only that one), `/broken` (no key
 * set), `/large` (too much of it), `/moved` (elsewhere) and nothing at other paths.
 */
export async function openIssuer(): Promise<Issuer> {
  const made = async (alg: string, kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const facts = { kid, alg, use: "sig" };
    return {
      own: { ...(await exportJWK(privateKey)), ...facts },
      shown: { ...(await exportJWK(publicKey)), ...facts },
    };
  };
  const [rsa, elliptic] = await Promise.all([made("RS256", "rsa"), made("ES256", "elliptic")]);
  const answers: Record<string, unknown> = {
    "/keys": { keys: [rsa.shown, elliptic.shown] },
    "/keys/rsa": { keys: [rsa.shown] },
    "/broken": { keys: "none" },
    "/large": { keys: [rsa.shown], more: "x".repeat(70_000) },
  };
  const server = createServer(({ url = "" }, answer) => {
    if (url === "/moved") return answer.writeHead(302, { location: "/keys" }).end();
    const body = answers[url];
    return answer.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  // The address of a server that listens on a port.
  const { port } = server.address() as AddressInfo;
  return { jwksUrl: `http://127.0.0.1:${port}/keys`, rsa: rsa.own, elliptic: elliptic.own };
}
