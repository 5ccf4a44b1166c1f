import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { capabilitiesOf } from "#probe/capabilities-of.ts";
import type { Probed } from "#probe/probe.ts";
import { profileOf } from "#probe/profile-of.ts";

/** Makes the folder of the files. @throws with one line when that is not possible */
export async function openResults(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`Cannot probe: ${dir} cannot be made (${error.code})`, { cause: error });
  });
}

/** Writes the three files. @returns their paths */
export async function writeResults(
  dir: string,
  probed: Probed,
  { report, eid, mid }: { report: string; eid: number; mid: number },
): Promise<string[]> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const texts = {
    "report.md": report,
    "capabilities.json": json(capabilitiesOf(probed.findings, { eid, mid })),
    "sandbox-profile.json": json(profileOf(probed.findings)),
  };
  const paths: string[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const path = join(dir, name);
    // One of them has the numbers of the enterprise and its business unit.
    await writeFile(path, text, { mode: 0o600 });
    await chmod(path, 0o600);
    paths.push(path);
  }
  return paths;
}
