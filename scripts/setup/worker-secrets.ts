import { runWrangler } from "../wrangler.ts";

/**
 * Gives the Worker its variables as secrets, all at once, and takes away those it no longer has. A Worker that does not
 * exist yet is made.
 *
 * @param before what it was given the last time
 * @returns how many it has now
 * @throws with what wrangler says
 */
export async function giveSecrets(
  wanted: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
): Promise<number> {
  const gone = Object.keys(before).filter((name) => !(name in wanted));
  const changes = { ...wanted, ...Object.fromEntries(gone.map((name) => [name, null])) };
  // By standard input, so that no list of processes and no other file has them.
  const refusal = await runWrangler(["secret", "bulk"], JSON.stringify(changes));
  if (refusal !== undefined) {
    throw new Error(
      `Cannot give the Worker its secrets: ${refusal}\nThe files are written and the passwords set; run npm run setup again once wrangler is signed in (npx wrangler login, or CLOUDFLARE_API_TOKEN)`,
    );
  }
  return Object.keys(wanted).length;
}
