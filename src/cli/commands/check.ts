import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CheckAnswer, Diagnostic } from "#client/check-types.ts";
import type { Parameter } from "#client/run-state.ts";
import { fixed } from "../check/fix.ts";
import { reportLines, type CheckFormat, type Report } from "../check/report.ts";
import { textsToCheck, type CheckedText } from "../check/texts.ts";
import { openContext, type CommonOptions, type Context } from "../context.ts";
import { Exit, exitCodes, UsageError } from "../exit-code.ts";
import { readParameter } from "../parameter.ts";
import { say, write, type Terminal } from "../terminal.ts";

/** The flags of `sqe check`. */
export type CheckFlags = CommonOptions & {
  format?: CheckFormat;
  fix?: boolean;
  validate: boolean;
  fields?: string;
  saveFields?: string;
  into?: string;
  mode: "overwrite" | "append" | "update";
  param: readonly string[];
};

/** Checks one text. */
type Check = (sql: string) => Promise<Report["answer"]>;

/** A text mended by one edit may show the next one. */
const fixesMax = 10;

/** `sqe check`: says what is wrong with queries, without running them. */
export async function check(terminal: Terminal, names: readonly string[], flags: CheckFlags): Promise<void> {
  if (flags.fields !== undefined && flags.saveFields !== undefined)
    throw new UsageError("--fields checks by a snapshot, --save-fields makes one; give one of them");
  const texts = await textsToCheck(terminal, names);
  const [checkText, context] = await openCheck(terminal, texts, flags);
  const reports: Report[] = [];
  for (const text of texts) {
    if (texts.length > 1) context?.status.show(`checking ${text.file}`);
    reports.push({ file: text.file, answer: await checkOne(terminal, text, checkText, flags) });
  }
  context?.status.clear();
  await printReports(terminal, reports, flags);
  if (!reports.every(({ answer }) => answer.ok)) throw new Exit(exitCodes.refused);
}

async function openCheck(
  terminal: Terminal,
  texts: readonly CheckedText[],
  { fields, saveFields, validate, into, mode, param, ...flags }: CheckFlags,
): Promise<[Check, Context?]> {
  const parameters: Parameter[] = param.map(readParameter);
  if (fields !== undefined) {
    // Our reader of SQL is the largest part of the command, and only a snapshot needs it here.
    const { readSnapshot, checkBy } = await import("../check/snapshot.ts");
    const snapshot = await readSnapshot(terminal, fields);
    return [(sql) => Promise.resolve(checkBy(snapshot, sql))];
  }
  const context = openContext(terminal, flags);
  if (saveFields !== undefined) {
    const { saveSnapshot } = await import("../check/snapshot.ts");
    const queries = texts.map(({ sql }) => sql);
    const count = await saveSnapshot(terminal, context.client, queries, saveFields);
    await say(terminal, `${saveFields}: the fields of ${count} ${count === 1 ? "table" : "tables"}`);
  }
  const options = {
    ...(into !== undefined && { target: { customerKey: into, mode } }),
    ...(parameters.length > 0 && { parameters }),
    ...(!validate && { validate }),
  };
  return [async (sql) => withTarget(await context.client.check(sql, options)), context];
}

/** Why a target would refuse the query, as findings about the whole of it. */
function withTarget({ ok, diagnostics, notes, target }: CheckAnswer): Report["answer"] {
  if (target === undefined || target.fits) return { ok, diagnostics, notes };
  const place = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  const reasons = target.reasons.map((reason): Diagnostic => ({ code: "TARGET_MISMATCH", ...reason, ...place }));
  return { ok: false, diagnostics: [...reasons, ...diagnostics], notes };
}

/** Checks a text; with `--fix` makes the edits first, and checks what came of it. */
async function checkOne(
  { cwd, ...terminal }: Terminal,
  { file, sql, isFile }: CheckedText,
  checkText: Check,
  { fix = false }: CheckFlags,
): Promise<Report["answer"]> {
  let answer = await checkText(sql);
  let text = sql;
  const rounds = fix ? fixesMax : 0;
  for (let round = 0; round < rounds; round += 1) {
    const next = fixed(text, answer.diagnostics);
    if (next.count === 0) break;
    text = next.text;
    answer = await checkText(text);
  }
  if (isFile && text !== sql) await writeFile(resolve(cwd, file), text);
  // Without a file the mended text is the data; the findings go to the person.
  if (!isFile && fix) await write(terminal.stdout, text.endsWith("\n") ? text : `${text}\n`);
  return answer;
}

async function printReports(terminal: Terminal, reports: readonly Report[], flags: CheckFlags): Promise<void> {
  const isOnGitHub = terminal.env["GITHUB_ACTIONS"] === "true";
  const lines = reportLines(reports, flags.format ?? (isOnGitHub ? "github" : "text"));
  const isData = !flags.fix || reports.some(({ file }) => file !== "query");
  if (lines.length > 0) await write(isData ? terminal.stdout : terminal.stderr, `${lines.join("\n")}\n`);
  if (flags.quiet) return;
  const notes = new Set(reports.flatMap(({ answer }) => answer.notes));
  for (const note of notes) await say(terminal, `Note: ${note}`);
  const bad = reports.filter(({ answer }) => !answer.ok).length;
  await say(terminal, bad === 0 ? `${reports.length} checked, no error` : `${bad} of ${reports.length} with errors`);
}
