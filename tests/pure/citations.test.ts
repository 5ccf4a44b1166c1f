import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the numbers are defined. */
const design = "docs/design.md";
const marketingCloud = "docs/marketing-cloud.md";
const hasMarketingCloud = existsSync(join(root, marketingCloud));

/** Made while a stack or a probe runs, so not a file of the tree. */
const madeAtRunTime = new Set(["stack.json", "report.md", "capabilities.json", "sandbox-profile.json"]);

const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
  .split("\0")
  // A file that was deleted and not committed is still listed.
  .filter((path) => path !== "" && existsSync(join(root, path)));
const isText = (path: string) =>
  /\.(ts|md|sql|toml)$/.test(path) || path.startsWith(".ci/") || path.startsWith("scripts/");
const texts = tracked.filter(isText).map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
const pages = texts.filter(({ path }) => path.endsWith(".md"));
const thisTest = "tests/pure/citations.test.ts";
const textOf = (path: string) => texts.find((file) => file.path === path)?.text ?? "";

type Citation = `${"D" | "R"}${number}` | `${"DESIGN" | "MCE"} ${string}`;

const section = String.raw`\d+[a-z]?(?:\.\d+)*(?![\w.]*\d)`;
/** "7 and 9" are two sections, "7 and 30 s" is one; "MCE 50 rows" is none. */
const noAmount = String.raw`(?! (?:s|ms|min|h|rows|calls)\b)`;
const more = String.raw`(?:(?:, ?| and )${section}${noAmount})*`;
const numbered = /(?<![\w\\{'".-])([DR])([1-9]\d?)(?![\w'"])/g;
const sections = new RegExp(String.raw`\b(DESIGN|MCE)(?: sections?)? (${section}${noAmount}${more})`, "g");

/** The numbers a text cites: `D7`, `R9`, `DESIGN 7 and 9`, `MCE 5.5`. Quoted ones and parts of other words are none. */
function citationsIn(text: string): Citation[] {
  // A comment may break its line within a citation.
  const joined = text.replaceAll(/\s*\n[ \t]*(?:\*|\/\/|--|#)?[ \t]*/g, " ");
  const cited = new Set<Citation>();
  for (const [, kind = "", number] of joined.matchAll(numbered))
    cited.add(`${kind === "D" ? "D" : "R"}${Number(number)}`);
  for (const [, name, numbers = ""] of joined.matchAll(sections)) {
    // The pattern names no other pages.
    for (const number of numbers.split(/, ?| and /)) cited.add(`${name} ${number}` as Citation);
  }
  return [...cited];
}

function definedBy(pattern: RegExp, text: string, as: string): string[] {
  return [...text.matchAll(pattern)].map(([, number]) => `${as}${number}`);
}

const [, requirements = ""] = /^## Requirements$([^]*?)^## /m.exec(textOf(design)) ?? [];
const defined = [
  ...definedBy(/^### D(\d+) /gm, textOf(design), "D"),
  ...definedBy(/^\| R(\d+) \|/gm, requirements, "R"),
  ...definedBy(/^## (\d+)\. /gm, textOf(design), "DESIGN "),
  ...definedBy(/^#{2,4} (\d+[a-z]?(?:\.\d+)*)\b/gm, textOf(marketingCloud), "MCE "),
];

/** Citations of one kind that lead nowhere, with the file that has them. */
function deadCitations(kind: RegExp): string[] {
  const known = new Set(defined);
  // The samples in here need not exist.
  const cited = texts.filter(({ path }) => path !== thisTest);
  return cited.flatMap(({ path, text }) =>
    citationsIn(text)
      .filter((citation) => kind.test(citation) && !known.has(citation))
      .map((citation) => `${path} cites ${citation}`),
  );
}

describe("citationsIn()", () => {
  it.each([
    ["as it is (D7, R9)", ["D7", "R9"]],
    ["the bounds of DESIGN 7 and 9 leave so many", ["DESIGN 7", "DESIGN 9"]],
    ["as DESIGN sections 2 and 6 give them", ["DESIGN 2", "DESIGN 6"]],
    ["shapes are DESIGN 8's", ["DESIGN 8"]],
    ["DESIGN 7 and 30 s after it", ["DESIGN 7"]],
    ["/** in one line (MCE\n * 5.5) */", ["MCE 5.5"]],
    ["see MCE 2.5, 7.1 and MCE 8.4 (MCE 6)", ["MCE 2.5", "MCE 7.1", "MCE 8.4", "MCE 6"]],
    ["MCE 50 rows, \\u{D80}, 'D45', 6F96-D01, D011, ID42, D404", []],
  ])("reads %j", (text, citations) => expect(citationsIn(text)).toEqual(citations));
});

describe("a citation", () => {
  it("of a decision or requirement exists", () => expect(deadCitations(/^[DR]\d/)).toEqual([]));

  it("of a section of the design exists", () => expect(deadCitations(/^DESIGN/)).toEqual([]));

  it.skipIf(!hasMarketingCloud)(`of a fact exists (skipped without ${marketingCloud})`, () =>
    expect(deadCitations(/^MCE/)).toEqual([]),
  );

  it("of a requirement leads to its file and its test, too", () => {
    const [asked = ""] = textOf(design).split("\n## Requirements\n");
    const missing = defined.filter((number) => number.startsWith("R") && !asked.includes(`\n| ${number} |`));
    expect(missing).toEqual([]);
  });

  it("of a requirement leads to its text alone: one cell beside the number", () => {
    const rows = requirements.split("\n").filter((line) => line.startsWith("| R"));
    expect(rows.filter((row) => row.replaceAll("\\|", "").split("|").length !== 4)).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
  });

  it("means one thing: no number is defined twice", () => {
    expect(defined.filter((number, index) => defined.indexOf(number) !== index)).toEqual([]);
  });
});

/** Whether a path names something of the tree: in full, by its end, or as a pattern with `*`. */
function isThere(path: string): boolean {
  if (madeAtRunTime.has(path) || (path === marketingCloud && !hasMarketingCloud)) return true;
  const escaped = path.replaceAll(".", String.raw`\.`).replaceAll("*", "[^/]*");
  const named = new RegExp(`(^|/)${escaped.replace(/\/$/, "")}${path.endsWith("/") ? "/" : "(/|$)"}`);
  return tracked.some((file) => named.test(file));
}

/** `decisions` is gone: what it held are D17 to D27. */
const inOurFolders =
  /(?<![\w/.$-])((?:src|sandbox|dev|tests|bench|scripts|docs|migrations|decisions|\.ci)\/[\w./*-]*)/g;
const quotedFile = /`([\w*][\w./*-]*(?:\.(?:ts|md|sql|toml|json)|\/))`/g;
const commentedFile = /(?<![\w./-])([\w-]+(?:\/[\w-]+)*\.(?:ts|md|sql|toml))\b/g;

/** The page of facts also names files of its sources, so only what lies in these folders is surely meant to be ours. */
const inWitnesses = /(?<![\w/.$-])((?:sandbox|tests)\/[\w./*-]*)/g;

function deadPaths(patterns: readonly RegExp[], text: string): string[] {
  const named = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, path = ""]) => path));
  return [...new Set(named.map((path) => path.replace(/\.+$/, "")))].filter((path) => !isThere(path));
}

function commentsOf(source: string): string {
  return source
    .split("\n")
    .filter((line) => /^\s*(\/\*\*|\*|\/\/|--|#)/.test(line))
    .join("\n");
}

describe("a file that is named", () => {
  it.each(pages.map(({ path, text }) => [path, text]))("by %s exists", (path, text) => {
    const patterns = path === marketingCloud ? [inWitnesses] : [inOurFolders, quotedFile];
    expect(deadPaths(patterns, text)).toEqual([]);
  });

  it.each(pages.map(({ path, text }) => [path, text]))("by a link of %s exists", (path, text) => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target.replace(/#.*$/, ""));
    const relative = links.filter((target) => target !== "" && !/^[a-z]+:/.test(target));
    expect(relative.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });

  it("by a comment exists", () => {
    const dead = texts
      .filter(({ path }) => !path.endsWith(".md"))
      .flatMap(({ path, text }) =>
        deadPaths([inOurFolders, commentedFile], commentsOf(text)).map((named) => `${path} names ${named}`),
      );
    expect(dead).toEqual([]);
  });
});
