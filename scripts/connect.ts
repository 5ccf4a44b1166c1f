import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { z } from "zod";
import { connectAsOwner } from "./migrations/owner.ts";
import { saveConnection, type NewConnection } from "./setup/connection.ts";
import { setUpDir } from "./setup/dir.ts";
import { readEnvFile } from "./setup/env-file.ts";
import { signIn } from "./setup/sign-in.ts";

const help = `npm run connect: adds a tenant with its installed package of Marketing Cloud, or changes the package it has.

  npm run connect -- --name "Northern Trail" --eid 7000001 --mids 7000001,7000011 \\
    --subdomain mc0123456789abcdefghijklmnop --client-id abc < secret.txt

The client secret comes from MCE_CLIENT_SECRET or from standard input. Marketing Cloud is asked for a token of each business
unit first; nothing is stored when it refuses. --eid is the MID of the parent business unit.`;

const Options = z.object({
  name: z.string().min(1).max(200),
  eid: z.coerce.number().int().positive(),
  mids: z
    .string()
    .transform((list) => list.split(",").map(Number))
    .pipe(z.array(z.number().int().positive()).min(1)),
  subdomain: z.string().regex(/^[a-z0-9-]{1,63}$/, "is the part before .auth.marketingcloudapis.com"),
  "client-id": z.string().min(1),
});

try {
  const names = ["name", "eid", "mids", "subdomain", "client-id"] as const;
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({ options: { ...options, help: { type: "boolean", default: false } } });
  if (values["help"]) console.log(help);
  else await connect(await readConnection(values));
} catch (error) {
  console.error(error instanceof Error ? error.message : "Cannot connect");
  process.exitCode = 1;
}

async function readConnection(values: unknown): Promise<NewConnection> {
  const parsed = Options.safeParse(values);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
    throw new Error(`Cannot connect: ${lines.join("; ")}; see npm run connect -- --help`);
  }
  const { "client-id": clientId, ...rest } = parsed.data;
  const clientSecret = (process.env["MCE_CLIENT_SECRET"] ?? (await text(process.stdin))).trim();
  if (clientSecret === "")
    throw new Error("Cannot connect: no client secret, neither MCE_CLIENT_SECRET nor standard input");
  return { ...rest, clientId, clientSecret };
}

async function connect(wanted: NewConnection): Promise<void> {
  const { VAULT_KEYS: vaultKeys, MCE_SANDBOX_URL: sandboxUrl } = await readEnvFile(join(setUpDir, "worker.env"));
  if (vaultKeys === undefined)
    throw new Error("Cannot connect: there are no keys to seal the secret; run npm run setup first");
  for (const mid of wanted.mids) await assertSignsIn(wanted, mid, sandboxUrl);
  const owner = await connectAsOwner(process.env["DATABASE_OWNER_URL"], "connect");
  try {
    const { tenantId, connectionId } = await saveConnection(owner, vaultKeys, wanted);
    console.log(`connected ${wanted.name}: tenant ${tenantId}, connection ${connectionId}`);
  } finally {
    await owner.end();
  }
}

async function assertSignsIn(wanted: NewConnection, mid: number, sandboxUrl: string | undefined): Promise<void> {
  const answer = await signIn({ ...wanted, mid }, { sandboxUrl });
  if (!answer.ok) throw new Error(`Cannot connect: business unit ${mid}: ${answer.error.message}`);
  console.log(`business unit ${mid}: Marketing Cloud gives a token`);
}
