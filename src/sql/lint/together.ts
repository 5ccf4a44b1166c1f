import { given } from "#lang/given.ts";
import { isError, type Finding } from "../diagnostic.ts";
import type { Edit } from "../read/reading.ts";

/** Findings on one word each: who writes it wrong writes it so wherever it stands. */
const onWords: ReadonlySet<string> = new Set(
  "LOOK_ALIKE_LETTER RESERVED_WORD UNBRACKETED_NAME UNKNOWN_COLUMN UNKNOWN_FUNCTION UNKNOWN_TABLE VIEW_NEEDS_ENT".split(
    " ",
  ),
);

/** Findings of which all have one cause: a word processor, the habits of another database. */
const ofOneCause: ReadonlySet<string> = new Set(["LOOK_ALIKE_SIGN", "FOREIGN_OPERATOR", "FOREIGN_FUNCTION", "LIMIT"]);

function mistakeOf(sql: string, { start, end, remark: { code } }: Finding): string | undefined {
  if (ofOneCause.has(code)) return code;
  const word = sql.slice(start, end).toLowerCase();
  return onWords.has(code) ? `${code} ${word === "false" ? "true" : word}` : undefined;
}

/** Nobody mends more at once, or looks at more answers. */
const maxTogether = 100;
const maxAnswers = 50;

/** All edits in the order of the text, each once; nothing where two of them want one place. */
function together(edits: readonly Edit[]): Edit[] | undefined {
  const all: Edit[] = [];
  for (const edit of edits.toSorted((one, other) => one.start - other.start || one.end - other.end)) {
    const last = all.at(-1);
    const isSame = last?.start === edit.start && last.end === edit.end && last.text === edit.text;
    if (isSame) continue;
    // What is put in where something is replaced could stand on either side of it.
    if (last !== undefined && (last.start === edit.start || edit.start < last.end)) return undefined;
    all.push(edit);
  }
  return all;
}

/** The findings of one mistake each, the gravest first. */
function mistakesIn(sql: string, findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string | Finding, Finding[]>();
  const offering = findings.filter(({ remark: { edits } }) => edits !== undefined);
  for (const finding of offering.sort((one, other) => rank(one) - rank(other) || one.start - other.start)) {
    const mistake = mistakeOf(sql, finding) ?? finding;
    const group = groups.get(mistake);
    if (group === undefined) groups.set(mistake, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].slice(0, maxAnswers);
}

/** The edits that mend a mistake wherever it stands; else those of its first place. */
function editsOf(group: readonly Finding[]): readonly Edit[] | undefined {
  const [first] = group;
  const everywhere =
    group.length > maxTogether ? undefined : together(group.flatMap(({ remark }) => remark.edits ?? []));
  return everywhere ?? together(first?.remark.edits ?? []);
}

/**
 * Findings of which all edits can be made together; the first one of a mistake mends it wherever it stands.
 *
 * What is mended with an earlier or a graver finding has no edits of its own.
 */
export function mendedTogether(sql: string, findings: readonly Finding[]): Finding[] {
  let taken: Edit[] = [];
  const kept = new Map<Finding, readonly Edit[]>();
  for (const group of mistakesIn(sql, findings)) {
    const [first] = group;
    const edits = editsOf(group);
    const all = edits && together([...taken, ...edits]);
    // One that another finding has, too, is a part of that one's answer.
    if (first === undefined || edits === undefined || all?.length !== taken.length + edits.length) continue;
    taken = all;
    kept.set(first, edits);
  }
  return findings.map((finding) => withEdits(finding, kept.get(finding)));
}

function rank({ remark }: Finding): number {
  return isError(remark) ? 0 : remark.severity === "warning" ? 1 : 2;
}

function withEdits({ remark, ...place }: Finding, edits: readonly Edit[] | undefined): Finding {
  const { edits: _edits, ...rest } = remark;
  return { ...place, remark: { ...rest, ...given({ edits }) } };
}
