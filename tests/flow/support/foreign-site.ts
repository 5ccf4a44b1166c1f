import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { tempDir } from "../../support/temp-dir.ts";

/** A site of somebody else, under names that only the browser of `openBrowserOf` knows. */
export type ForeignSite = {
  /** The origin of one of its names. */
  origin(name: string): string;
  close(): void;
};

/**
 * Serves one page over HTTPS, under every name: an origin of another machine may only be let in with HTTPS.
 *
 * @throws without openssl, which makes the certificate
 */
export async function openForeignSite(html: string): Promise<ForeignSite> {
  const dir = await tempDir();
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", [...kind, "-days", "1", "-subj", "/CN=example", "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  const pair = { key: await readFile(key), cert: await readFile(cert) };
  const server = createServer(pair, (_, answer) => {
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    answer.end(html);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    origin: (name) => `https://${name}:${port}`,
    close: () => void server.close(),
  };
}

/** What Chromium is told, so that it finds such names on this machine. */
export const foreignNames = "--host-resolver-rules=MAP *.example 127.0.0.1";
