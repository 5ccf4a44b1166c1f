import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Makes a test of what .dockerignore leaves out: the last line that matches a path, or a folder above it, decides. */
export function readDockerignore(text: string): (path: string) => boolean {
  const rules = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ isBack: line.startsWith("!"), pattern: patternOf(line.replace(/^!/, "")) }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.isBack === false;
}

function patternOf(glob: string): RegExp {
  const parts = glob.replaceAll(/^\/|\/$/g, "").split(/(\*\*\/|\*\*|\*|\?)/);
  const words: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };
  const source = parts.map((part) => words[part] ?? part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)).join("");
  return new RegExp(`^${source}(?:/.*)?$`);
}

/** Lists the files of a folder that the test does not leave out. */
export function filesOf(root: string, isLeftOut: (path: string) => boolean, under = ""): string[] {
  return readdirSync(join(root, under), { withFileTypes: true }).flatMap((entry) => {
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    if (isLeftOut(path)) return [];
    return entry.isDirectory() ? filesOf(root, isLeftOut, path) : [path];
  });
}
