import { join } from "node:path";
import { parseArgs } from "node:util";
import { connectAsOwner } from "./migrations/owner.ts";
import { setUpDir } from "./setup/dir.ts";
import { readEnvFile } from "./setup/env-file.ts";
import { findPlace, signUserToken } from "./setup/user-token.ts";

const help = `npm run token: prints a token of a user, for curl and for scripts; it is valid for one hour.

  npm run --silent token -- --user ann@example.com --mid 7000001

Without --mid it is for the first business unit that was connected.`;

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
  if (variables["JWT_SECRET"] === undefined) throw new Error("Cannot make a token: run npm run setup first");
  const owner = await connectAsOwner(process.env["DATABASE_OWNER_URL"], "make a token");
  try {
    const place = await findPlace(owner, mid === undefined ? undefined : Number(mid));
    if (place === undefined) {
      throw new Error(
        `Cannot make a token: no connection${mid === undefined ? "" : ` for business unit ${mid}`}; run npm run connect`,
      );
    }
    return await signUserToken(variables, user, place, "1 hour");
  } finally {
    await owner.end();
  }
}
