import type { Neon } from "../../../dev/stand-ins/neon.ts";
import { openAdmin } from "../../../scripts/admin/program.ts";

/** What a command printed as its result, and said beside it. */
export type Said = { printed: string; said: string };

/**
 * Runs one command of `npm run admin` on a database and a sandbox.
 *
 * @param line its words; those with blanks in double quotes
 * @param more what the person says when asked, and the secret on standard input
 */
export async function callAdmin(
  { server, vaultKeys, sandboxUrl }: { server: Neon; vaultKeys: string; sandboxUrl: string },
  line: string,
  { answer = false, secret = "" } = {},
): Promise<Said> {
  const [printed, said]: [string[], string[]] = [[], []];
  const owner = {
    query: async (text: string, values?: unknown[]) => ({ rows: await server.rows(text, values) }),
    end: () => Promise.resolve(),
  };
  const installation = { owner, environment: "development", vaultKeys, sandboxUrl } as const;
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  await openAdmin({
    open: () => Promise.resolve({ ...installation, edgeUrl: "https://sqe.example/" }),
    print: (text) => printed.push(text),
    say: (text) => said.push(text),
    ask: async () => answer,
    readSecret: () => Promise.resolve(secret),
  }).parseAsync(["node", "admin", ...words]);
  return { printed: printed.join("\n"), said: said.join("\n") };
}
