import type { Examined } from "./examine.ts";
import type { Finding } from "./finding.ts";

const signs = { ok: "✔", broken: "✘", skipped: "–" } as const;

/** Writes what was found: a line for each finding, and below a broken one what it means and what to do. */
export function printedFindings(examined: readonly Examined[]): string {
  const parts = examined.map(({ title, findings }) => [title, ...findings.flatMap(linesOf)].join("\n"));
  return [...parts, summaryOf(examined.flatMap(({ findings }) => findings))].join("\n\n");
}

function linesOf(finding: Finding): string[] {
  const line = `  ${signs[finding.state]} ${finding.what}`;
  if (finding.state !== "broken") return [line];
  return [line, `      means: ${finding.means}`, `      do:    ${finding.fix}`];
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  return `${count("ok")} in order, ${count("broken")} broken, ${count("skipped")} not looked at`;
}
