import { readFileSync } from "node:fs";

/** The shell blocks of a section of a page, in order. @param changes what stands there → what it is here */
export function shellBlocks(path: string, heading: string, changes: Readonly<Record<string, string>>): string[] {
  const page = readFileSync(path, "utf8");
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = ""]) =>
    Object.entries(changes).reduce((changed, [from, to]) => changed.replaceAll(from, to), block),
  );
}
