import { readFile } from "node:fs/promises";
import { readJson } from "#lang/json.ts";
import { Capabilities } from "#protocol/capabilities.ts";

/**
 * Reads what probes found of business units.
 *
 * @throws naming the file that is missing or was not written by a probe
 */
export async function readCapabilities(paths: readonly string[]): Promise<Capabilities[]> {
  return Promise.all(paths.map(readOne));
}

async function readOne(path: string): Promise<Capabilities> {
  const why = (reason: string) => `Cannot start the bridge: MCE_CAPABILITIES_FILE: ${path} ${reason}`;
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(why(`cannot be read (${error.code})`), { cause: error });
  });
  const read = Capabilities.safeParse(readJson(text));
  if (!read.success) throw new Error(why("is no file that npm run probe wrote"));
  return read.data;
}
