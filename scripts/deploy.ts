import { join } from "node:path";
import { parseArgs } from "node:util";
import { stepsOf } from "./deploy/plan.ts";
import { runSteps } from "./deploy/steps.ts";
import { setUpDir } from "./setup/dir.ts";
import { readEnvFile } from "./setup/env-file.ts";

const help = `npm run deploy: doctor, migrate, build, deploy the Worker, do one run. Each step says one line; the first that fails
ends it, with what to do. Then restart the bridges, one after the other (docs/deploy.md).

  npm run deploy -- --dry-run   changes nothing: checks, builds, and says what the other steps would do
  npm run deploy -- --first     nothing is deployed yet, so the doctor comes last

In a rehearsal (SQE_ENV=rehearsal) nothing is sent to Cloudflare; the other steps are the same.`;

try {
  const { values } = parseArgs({
    options: {
      "dry-run": { type: "boolean", default: false },
      first: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) console.log(help);
  else process.exitCode = (await deploy(values["dry-run"], values.first)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot deploy");
  process.exitCode = 1;
}

async function deploy(isDryRun: boolean, isFirst: boolean): Promise<boolean> {
  const [worker, bridge] = await Promise.all(
    ["worker", "bridge"].map((name) => readEnvFile(join(setUpDir, `${name}.env`))),
  );
  if (worker === undefined || bridge?.["EDGE_URL"] === undefined) {
    throw new Error("Cannot deploy: there is no set-up here; run npm run setup first");
  }
  const ownerUrl = process.env["DATABASE_OWNER_URL"];
  const steps = stepsOf({ ownerUrl, worker, bridge, isDryRun, isFirst });
  return runSteps(steps, (line) => console.log(line));
}
