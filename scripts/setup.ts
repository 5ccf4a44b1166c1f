import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { connectAsOwner } from "./migrations/owner.ts";
import { assertCanSetUp, setPasswords } from "./setup/database.ts";
import { readEnvFile, writeEnvFile } from "./setup/env-file.ts";
import { readInputs } from "./setup/inputs.ts";
import { drawRandom, planOf, rotatable, type Plan } from "./setup/secrets.ts";
import { setUpDir } from "./setup/dir.ts";
import { giveSecrets } from "./setup/worker-secrets.ts";

const help = `npm run setup: makes every secret, gives the database's roles their passwords, writes the programs' variables, and
gives the Worker its secrets. It can be run again: what is there stays, and what you changed in operator.env is taken.

  npm run setup                            all of it
  npm run setup -- --rotate NAME           draws a secret anew; may be repeated: ${rotatable.join(", ")}
  npm run setup -- --retire BRIDGE_SECRET  the Worker no longer accepts the secret before the last rotation
  npm run setup -- --files-only            does not call wrangler

It reads operator.env and the environment (docs/deploy.md lists the names), and keeps what it makes in .sqe/worker.env and
.sqe/bridge.env, which only you can read. Keep a copy of that folder where you keep secrets.`;

const say = (line: string) => console.log(line);
const files = { worker: join(setUpDir, "worker.env"), bridge: join(setUpDir, "bridge.env") };

try {
  const { values } = parseArgs({
    options: {
      rotate: { type: "string", multiple: true, default: [] },
      retire: { type: "string" },
      "files-only": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) say(help);
  else await setUp(values.rotate, values.retire, values["files-only"]);
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot set up");
  process.exitCode = 1;
}

async function setUp(rotate: readonly string[], retire: string | undefined, isFilesOnly: boolean): Promise<void> {
  if (retire !== undefined && retire !== "BRIDGE_SECRET")
    throw new Error(`Cannot retire "${retire}": only BRIDGE_SECRET`);
  const before = await readEnvFile(files.worker);
  const known = { ...(await readEnvFile(files.bridge)), ...before };
  const inputs = readInputs(process.env, known);
  const isRetired = retire !== undefined;
  const plan = planOf({ inputs, given: process.env, known, rotate, isRetired, draw: drawRandom });
  const owner = await connectAsOwner(inputs.ownerUrl, "set up");
  try {
    await assertCanSetUp(owner, {
      jurisdiction: inputs.worker["SQE_JURISDICTION"] === "eu" ? "eu" : "none",
      hasVaultKeys: plan.kept.includes("VAULT_KEYS") || rotate.includes("VAULT_KEYS"),
    });
    // First the files: with what they hold, the next call finishes what this one could not.
    await writeEnvFile(files.worker, plan.worker);
    await writeEnvFile(files.bridge, plan.bridge);
    sayPlan(plan);
    await setPasswords(owner, plan.passwords);
    say(`set the passwords of ${Object.keys(plan.passwords).join(", ")}`);
  } finally {
    await owner.end();
  }
  const path = relative(process.cwd(), files.worker);
  if (inputs.isRehearsal)
    return say(`gave the Worker nothing: this is a rehearsal; npx wrangler dev --env-file ${path}`);
  if (isFilesOnly) return say(`gave the Worker nothing: --files-only; its secrets are in ${path}`);
  say(`gave the Worker ${await giveSecrets(plan.worker, before)} secrets`);
  if (rotate.length > 0) say("now restart the bridges, so that they read bridge.env");
}

function sayPlan({ made, kept }: Plan): void {
  if (made.length > 0) say(`made ${made.join(", ")}`);
  if (kept.length > 0) say(`kept ${kept.join(", ")}`);
  say(
    `wrote ${Object.values(files)
      .map((path) => relative(process.cwd(), path))
      .join(" and ")}, which only you can read`,
  );
}
