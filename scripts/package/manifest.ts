import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Root = z.object({ version: z.string(), license: z.string() });

/** What this repository's own package.json says about its version. */
export async function readRoot(root: string): Promise<z.infer<typeof Root>> {
  return Root.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
}

/** The package.json of the package `sqe`, with this repository's version. */
export async function manifest(root: string): Promise<object> {
  const { version, license } = await readRoot(root);
  return {
    name: "sqe",
    version,
    description: "Client and command line of the Shell Query Engine: SELECT in Salesforce Marketing Cloud Engagement.",
    license,
    private: true,
    type: "module",
    sideEffects: false,
    exports: { ".": { types: "./sqe.d.ts", default: "./sqe.js" }, "./package.json": "./package.json" },
    bin: { sqe: "./cli.js" },
    files: ["*.js", "sqe.d.ts"],
    engines: { node: ">=20" },
  };
}

/** The page that comes with the package. */
export const readme = `# sqe

Client and command line of the Shell Query Engine, for browsers, Node 20 or newer, and workerd. No dependencies.

\`\`\`js
import { createClient } from "sqe";

const sqe = createClient({ url: process.env.SQE_URL, token: process.env.SQE_TOKEN });
const run = await sqe.run("SELECT TOP 10 FirstName, Country FROM Customers");
for await (const row of run.rows()) console.log(row);
\`\`\`

\`sqe --help\` lists the commands.
`;
