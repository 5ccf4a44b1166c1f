import { z } from "zod";

/** Where the bridge answers /metrics, /livez and /readyz. */
export type HttpAddress = { host: string; port: number };

/** The variables of that address; port 0 is any free one. The default port is the one of Prometheus exporters of OpenTelemetry. */
export const HttpVariables = z.object({
  BRIDGE_HTTP_HOST: z.string().min(1).default("127.0.0.1"),
  BRIDGE_HTTP_PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.int().max(65_535))
    .default(9464),
});

/** The URL of an address, for a client on the same host. */
export function urlOf({ host, port }: HttpAddress): string {
  const isAny = host === "0.0.0.0" || host === "::";
  const name = isAny ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
