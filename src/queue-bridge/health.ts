import process from "node:process";
import { openPlatform } from "#async/platform.ts";
import { HttpVariables, urlOf } from "./http-address.ts";

// The health check of the container, a program: it exits with 0 when the bridge on this host is ready.

const timeoutMs = 8000;

try {
  const { BRIDGE_HTTP_HOST: host, BRIDGE_HTTP_PORT: port } = HttpVariables.parse(process.env);
  const platform = openPlatform();
  const signal = platform.timeout(timeoutMs);
  const answer = await platform.fetch(`${urlOf({ host, port })}/readyz`, { signal });
  process.stdout.write(await answer.text());
  process.exit(answer.ok ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : "unknown"}\n`);
  process.exit(1);
}
