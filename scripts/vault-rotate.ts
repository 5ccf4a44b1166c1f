import process from "node:process";
import { parseArgs } from "node:util";
import { openVault } from "#db/vault.ts";
import { openInstallation } from "./admin/installation.ts";
import { setUpDir } from "./setup/dir.ts";
import { rotate } from "./vault/rotate.ts";

const help = `npm run vault:rotate: seals everything in Postgres anew with the newest key of VAULT_KEYS.

  npm run setup -- --rotate VAULT_KEYS   first: draws the new key; then restart the bridges
  npm run vault:rotate                   may be interrupted and run again; says how much was sealed

Afterwards no row needs the older keys. The SQL of a run that is not over is sealed in its object, with the key of the day it
began: remove an older key two days later at the earliest.`;

try {
  const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
  if (values.help) console.log(help);
  else await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot rotate");
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { DATABASE_OWNER_URL: ownerUrl, SQE_DEV_DIR: stackDir = ".dev" } = process.env;
  const { owner, vaultKeys } = await openInstallation({ setUpDir, stackDir, ownerUrl }, "rotate");
  try {
    if (vaultKeys === undefined) throw new Error("Cannot rotate: there is no VAULT_KEYS; run npm run setup first");
    const vault = await openVault(vaultKeys);
    const { sealed, changed, failures } = await rotate(owner, vault);
    console.log(`sealed ${sealed} texts anew with key "${vault.newest}"`);
    if (changed > 0) console.log(`${changed} were changed meanwhile; run it again`);
    for (const line of failures) console.error(line);
    if (failures.length > 0) throw new Error(`${failures.length} texts cannot be opened; they are as they were`);
  } finally {
    await owner.end();
  }
}
