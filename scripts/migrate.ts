import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { migrate, readStanding, type Standing } from "./migrations/migrate.ts";
import { connectAsOwner } from "./migrations/owner.ts";

// npm run migrate: brings the database of DATABASE_OWNER_URL up to date. --check only reports (exit code 1: something
// is pending), --dry-run prints what would be done. Neither changes anything.
const dir = fileURLToPath(new URL("../migrations", import.meta.url));

try {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, "dry-run": { type: "boolean" } } });
  const client = await connectAsOwner(process.env["DATABASE_OWNER_URL"], "migrate");
  try {
    if (values.check) sayStanding(await readStanding(client, dir));
    else if (values["dry-run"]) await sayPlan(await readStanding(client, dir));
    else sayDone(await migrate(client, dir));
  } finally {
    await client.end();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot migrate");
  process.exitCode = 2;
}

function sayStanding({ hasRecord, applied, pending }: Standing): void {
  if (!hasRecord && applied.length > 0) console.log(`applied by hand, not in the record yet: ${applied.join(", ")}`);
  console.log(pending.length === 0 ? `up to date: ${applied.at(-1)}` : `pending: ${pending.join(", ")}`);
  process.exitCode = pending.length === 0 && hasRecord ? 0 : 1;
}

async function sayPlan({ hasRecord, applied, pending }: Standing): Promise<void> {
  if (!hasRecord) for (const name of applied) console.log(`-- would be noted as applied by hand: ${name}`);
  if (pending.length === 0) console.log("-- nothing is pending");
  for (const name of pending) {
    console.log(`-- would be applied: ${name}\n${await readFile(join(dir, `${name}.sql`), "utf8")}`);
  }
}

function sayDone({ adopted, applied }: Awaited<ReturnType<typeof migrate>>): void {
  if (adopted.length > 0) console.log(`noted as applied by hand: ${adopted.join(", ")}`);
  console.log(applied.length === 0 ? "nothing was pending" : `applied: ${applied.join(", ")}`);
}
