/** What a release is made from: texts of the tree, tags and changes. */
export type Tree = {
  packageJson: string;
  packageLock: string;
  changelog: string;
  /** All tags. */
  tags: readonly string[];
  /** The output of `git status --porcelain`. */
  changes: string;
};

export type Release = { version: string; tag: string; notes: string };

/**
 * Returns the version, tag and notes of the next release.
 *
 * @throws when the tree cannot be released: changed files, no version, a lock or changelog of another version, an existing
 *   or newer tag
 */
export function readRelease({ packageJson, packageLock, changelog, tags, changes }: Tree): Release {
  if (changes.trim() !== "") throw new Error(`Cannot release: the tree has changes\n${changes.trimEnd()}`);
  const version = versionOf(packageJson);
  const locked = versionOf(packageLock);
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`Cannot release: "${version}" is not a version such as 1.2.3`);
  if (locked !== version)
    throw new Error(`Cannot release ${version}: package-lock.json says ${locked}; run npm install`);
  const newer = tags.filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag) && compare(tag.slice(1), version) >= 0);
  if (newer.length > 0) throw new Error(`Cannot release ${version}: ${newer.join(", ")} exists; raise the version`);
  const notes = notesOf(changelog, version);
  if (notes === "") throw new Error(`Cannot release ${version}: CHANGELOG.md has nothing under "## ${version}"`);
  return { version, tag: `v${version}`, notes };
}

function versionOf(text: string): string {
  const read: unknown = JSON.parse(text);
  const version = typeof read === "object" && read !== null && "version" in read ? read.version : undefined;
  return typeof version === "string" ? version : "";
}

/** The text under a version's heading, which may end with a date. */
function notesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/[\s,]/, 1)[0] === version) ?? "";
  return section.split("\n").slice(1).join("\n").trim();
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  return left?.map((part, index) => part - (right?.[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
