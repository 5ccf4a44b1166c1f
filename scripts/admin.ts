import { CommanderError } from "commander";
import process from "node:process";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { openInstallation } from "./admin/installation.ts";
import { openAdmin } from "./admin/program.ts";
import { setUpDir } from "./setup/dir.ts";

// npm run admin: tenants, invitations, connections and keys, for operators. `npm run admin -- --help` lists the commands.
const { env, stdin, stderr } = process;
const places = { setUpDir, stackDir: env["SQE_DEV_DIR"] ?? ".dev", ownerUrl: env["DATABASE_OWNER_URL"] };

try {
  await openAdmin({
    open: () => openInstallation(places, "administer"),
    print: (line) => console.log(line),
    say: (line) => console.error(line),
    ask,
    readSecret: async () => (env["MCE_CLIENT_SECRET"] ?? (await text(stdin))).trim(),
  }).parseAsync(process.argv);
} catch (error) {
  // Commander has said it already.
  if (!(error instanceof CommanderError)) console.error(error instanceof Error ? error.message : "Cannot administer");
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 1;
}

async function ask(question: string): Promise<boolean> {
  if (!stdin.isTTY) return false;
  const lines = createInterface({ input: stdin, output: stderr });
  const answer = await lines.question(`${question} [y/N] `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
