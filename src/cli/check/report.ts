import type { CheckAnswer, Diagnostic } from "#client/check-types.ts";

/** What was found in one text. `file` is its path, or `query` for a text of the command line. */
export type Report = { file: string; answer: Pick<CheckAnswer, "ok" | "diagnostics" | "notes"> };

/** How findings are printed. */
export const checkFormats = ["text", "json", "github"] as const;
export type CheckFormat = (typeof checkFormats)[number];

/** One finding as compilers write it: `file:line:col: error CODE message`. */
export function diagnosticLine(file: string, { severity = "error", code, message, fix, ...place }: Diagnostic): string {
  return `${file}:${place.line}:${place.column}: ${severity} ${code} ${oneLine(sentences(message, fix))}`;
}

/** All findings as lines. */
export function reportLines(reports: readonly Report[], format: CheckFormat): string[] {
  if (format === "json")
    return [
      JSON.stringify(
        reports.map(({ file, answer }) => ({ file, ...answer })),
        null,
        2,
      ),
    ];
  const line = format === "github" ? annotation : diagnosticLine;
  return reports.flatMap(({ file, answer }) => answer.diagnostics.map((it) => line(file, it)));
}

const commands = { error: "error", warning: "warning", info: "notice" } as const;

/**
 * One finding as a command that GitHub shows beside the line.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
function annotation(file: string, { severity = "error", code, message, fix, ...place }: Diagnostic): string {
  const { line, column, endLine, endColumn } = place;
  // GitHub takes an end column only within one line, and counts it as part of the place.
  const end = endLine === line ? `,endColumn=${Math.max(column, endColumn - 1)}` : "";
  const properties = `file=${property(file)},line=${line},endLine=${endLine},col=${column}${end},title=${property(code)}`;
  return `::${commands[severity]} ${properties}::${data(sentences(message, fix))}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** What is wrong, and what to do. Marketing Cloud's words end with a period of their own. */
function sentences(message: string, fix: string | undefined): string {
  return fix === undefined ? message : `${message.replace(/[.\s]+$/, "")}. ${fix}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
