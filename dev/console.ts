import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { consoleConfig } from "../scripts/site/console.ts";
import { hotWords } from "../scripts/site/hot-words.ts";
import { readStackFile } from "./stack/stack-files.ts";
import { stopSignal } from "./stack/stop-signal.ts";

// npm run dev:console: the console with each change at once, in front of the stack that `npm run dev` has started.
const stopped = stopSignal();
const root = fileURLToPath(new URL("..", import.meta.url));
const stack = await readStackFile(process.env["SQE_DEV_DIR"] ?? ".dev");
if (stack === undefined) {
  console.error("Cannot start the console: no stack runs; start one with npm run dev");
  process.exit(1);
}
// What the Worker answers; everything else is the console's own sources and `site`.
const paths = ["/v1", "/auth", "^/t/", "/docs", "/client", "/openapi.json"];
const config = consoleConfig(root);
const server = await createServer({
  ...config,
  plugins: [...(config.plugins ?? []), hotWords],
  // The Worker's `_headers` do not count here: Vite's own client could not live under that policy.
  server: {
    host: "127.0.0.1",
    port: Number(process.env["CONSOLE_PORT"] ?? 5173),
    proxy: Object.fromEntries(paths.map((path) => [path, { target: stack.edge }])),
  },
});
await server.listen();
console.log(`Console  ${server.resolvedUrls?.local[0]}`);
await stopped;
await server.close();
// Streams that pages have open would keep the process.
process.exit();
