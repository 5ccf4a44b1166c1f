import { join } from "node:path";
import { parseArgs } from "node:util";
import { EnvironmentName } from "#protocol/development-only.ts";
import { given } from "#lang/given.ts";
import { findPlace, makeKey } from "./admin/keys.ts";
import { connectAsOwner } from "./migrations/owner.ts";
import { setUpDir } from "./setup/dir.ts";
import { readEnvFile } from "./setup/env-file.ts";

const help = `npm run token: prints an API key of a user, for curl and for scripts; it is valid for one hour.

  npm run --silent token -- --user ann@example.com --mid 7000001

Without --mid it is for the first business unit that was connected. npm run admin -- keys create makes one that lives longer.`;

try {
  const { values } = parseArgs({
    options: { user: { type: "string" }, mid: { type: "string" }, help: { type: "boolean", default: false } },
  });
  if (values.help) console.log(help);
  else console.log(await token(values.user, values.mid));
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot make a token");
  process.exitCode = 1;
}

async function token(user: string | undefined, mid: string | undefined): Promise<string> {
  if (!user) throw new Error("Cannot make a token: --user is missing");
  if (mid !== undefined && !/^\d{1,15}$/.test(mid)) throw new Error(`Cannot make a token: "${mid}" is no MID`);
  const variables = await readEnvFile(join(setUpDir, "worker.env"));
  if (variables["RUN_ID_SECRET"] === undefined) throw new Error("Cannot make a token: run npm run setup first");
  const owner = await connectAsOwner(process.env["DATABASE_OWNER_URL"], "make a token");
  try {
    const place = await findPlace(owner, given({ mid: mid === undefined ? undefined : Number(mid) }));
    if (place === undefined) {
      throw new Error(
        `Cannot make a token: no connection${mid === undefined ? "" : ` for business unit ${mid}`}; run npm run admin -- connect`,
      );
    }
    const environment = EnvironmentName.parse(variables["SQE_ENV"]);
    return (await makeKey(owner, environment, place, { user, name: "npm run token", minutes: 60 })).key;
  } finally {
    await owner.end();
  }
}
