import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { consoleConfig } from "../scripts/site/console.ts";
import { readStackFile } from "./stack/stack-files.ts";
import { stopSignal } from "./stack/stop-signal.ts";

// npm run dev:console: the console with each change at once, in front of the stack that `npm run dev` has started.
const root = fileURLToPath(new URL("..", import.meta.url));
const stack = await readStackFile(process.env["SQE_DEV_DIR"] ?? ".dev");
if (stack === undefined) {
  console.error("Cannot start the console: no stack runs; start one with npm run dev");
  process.exit(1);
}
const paths = ["/v1", "/auth", "/docs", "/client", "/openapi.json"];
const server = await createServer({
  ...consoleConfig(root),
  // The Worker's `_headers` do not count here: Vite's own client could not live under that policy.
  server: {
    host: "127.0.0.1",
    port: Number(process.env["CONSOLE_PORT"] ?? 5173),
    proxy: Object.fromEntries(paths.map((path) => [path, { target: stack.edge }])),
  },
});
await server.listen();
console.log(`Console  ${server.resolvedUrls?.local[0]}`);
await stopSignal();
await server.close();
