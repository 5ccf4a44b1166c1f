import process from "node:process";
import { parseArgs } from "node:util";
import { askStatus } from "./settings/ask-status.ts";
import { readSettings } from "./settings/read-settings.ts";
import { printedStatus } from "./status/print.ts";

// npm run status: how the service stands, as GET /v1/admin/status tells it. Without --env-file, of the local stack that runs.
// The exit code is 2 when nobody can say.
const options = {
  "env-file": { type: "string", multiple: true, default: [] as string[] },
  json: { type: "boolean", default: false },
} as const;
const patienceMs = 10_000;

try {
  const { values } = parseArgs({ options });
  const settings = await readSettings(values["env-file"], process.env["SQE_DEV_DIR"] ?? ".dev");
  const answer = await askStatus(settings, process.env["SQE_TOKEN"], AbortSignal.timeout(patienceMs));
  if (answer.kind === "untold") throw new Error(`Cannot tell how the service stands: ${answer.why}`);
  console.log(values.json ? JSON.stringify(answer.status, null, 2) : printedStatus(answer.status));
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot tell how the service stands");
  process.exitCode = 2;
}
process.exit();
