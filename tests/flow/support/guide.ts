import { readFileSync } from "node:fs";

/** The shell blocks of a section of a page, in order. @param changes what stands there → what it is here */
export function shellBlocks(path: string, heading: string, changes: Readonly<Record<string, string>>): string[] {
  const page = readFileSync(path, "utf8");
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  // All at once: what is written in may look like what is still to be changed.
  const found = new RegExp(Object.keys(changes).map(escaped).join("|"), "g");
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = ""]) =>
    block.replaceAll(found, (from) => changes[from] ?? from),
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
