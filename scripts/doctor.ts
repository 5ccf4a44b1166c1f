import process from "node:process";
import { parseArgs } from "node:util";
import { writeBundle } from "./doctor/bundle.ts";
import { examine } from "./doctor/examine.ts";
import { maskFor } from "./doctor/mask.ts";
import { printedFindings } from "./doctor/print.ts";
import { readSettings } from "./settings/read-settings.ts";

// npm run doctor: looks at an installation and says what is in order, what is not, what that means and what to do. Without
// --env-file, at the local stack that runs. --json for programs, --bundle writes a masked file to attach to a report. The
// exit code is 1 when something is broken, 2 when there is nothing to look at.
const options = {
  "env-file": { type: "string", multiple: true, default: [] as string[] },
  json: { type: "boolean", default: false },
  bundle: { type: "boolean", default: false },
} as const;

try {
  const { values } = parseArgs({ options });
  const settings = await readSettings(values["env-file"], process.env["SQE_DEV_DIR"] ?? ".dev");
  const { examined, patient } = await examine(settings, process.env["SQE_TOKEN"]);
  const mask = maskFor(settings);
  const path = values.bundle ? await writeBundle(examined, patient, process.cwd()) : undefined;
  if (values.json) console.log(mask(JSON.stringify({ source: settings.source, examined, bundle: path }, null, 2)));
  else {
    console.log(`Looking at ${settings.source}\n\n${mask(printedFindings(examined))}`);
    if (path !== undefined) console.log(`\nWrote ${path}`);
  }
  const isBroken = examined.some(({ findings }) => findings.some(({ state }) => state === "broken"));
  process.exitCode = isBroken ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot look at the installation");
  process.exitCode = 2;
}
// A call that was given up may still hold a connection.
process.exit();
