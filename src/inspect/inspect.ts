import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import { maskValues } from "#mce/mask.ts";
import { validateQuery } from "#mce/rest/validate.ts";
import type { Validation } from "#mce/rest/validate.ts";
import type { CheckContext, Checked } from "#sql/check.ts";
import { checkGuarded } from "#sql/check.ts";
import { tablesToAsk } from "#sql/infer.ts";
import { withVerdict } from "#sql/mce-verdict.ts";
import type { GuardedQuery } from "#sql/query.ts";
import { readGuarded } from "#sql/query.ts";
import type { Known, Metadata, Unit } from "./metadata.ts";

/** What there is to say about a query after MCE was asked; `unread` when its tables' fields could not be read. */
export type Inspection = { checked: Checked; unread?: MceFailure };

/** Whom to ask, and how long. */
export type Asking = {
  platform: Pick<Platform, "timeout" | "now">;
  mce: Mce;
  unit: Unit;
  metadata: Metadata;
  /** MCE's opinion on the text is waited for this long. */
  validateTimeoutMs: number;
  signal?: AbortSignal;
  target?: NonNullable<CheckContext["target"]>;
  /** Repeats a call that failed in passing; once, when absent. */
  patiently?: <T>(call: () => Promise<Answer<T>>) => Promise<Answer<T>>;
};

/** What a changed table looks like from here. */
const changed: ReadonlySet<string> = new Set(["UNKNOWN_COLUMN", "AMBIGUOUS_COLUMN"]);

const notValidated = "Not validated: Marketing Cloud's own check of the query did not answer";

/**
 * Reads a query with the fields MCE has for its tables, and MCE's own opinion asked beside them (one call each when the
 * fields are not remembered, else one).
 *
 * MCE's outage is a note, never an approval. A name that is missing in remembered fields is looked for once more.
 */
export async function inspect(text: string, asking: Asking): Promise<Inspection> {
  const guarded = readGuarded(text);
  if (!guarded.ok) return { checked: checkGuarded(guarded, () => undefined) };
  const { sql } = guarded.query;
  const tables = tablesToAsk(guarded.query);
  const { metadata, mce, unit, signal, patiently = (call) => call() } = asking;
  const read = (): Promise<Answer<Known>> => patiently(() => metadata.read(mce, unit, tables, signal));
  const [known, said] = await Promise.all([read(), ask(sql, asking)]);
  const judge = (checked: Checked): Checked => (said === undefined ? checked : withVerdict(checked, sql, said));
  const noted = (checked: Checked): Checked =>
    said === undefined ? { ...checked, notes: [...checked.notes, notValidated] } : checked;
  const here = contextOf(asking);
  if (!known.ok) return { checked: noted(judge(checkGuardedAlone(guarded, here))), unread: known.failure };
  const context = asking.target === undefined ? here : { ...here, target: asking.target };
  let { fieldsOf } = known.value;
  let checked = judge(checkGuarded(guarded, fieldsOf, context));
  if (!known.value.isFresh && checked.diagnostics.some(({ code }) => changed.has(code))) {
    metadata.forget(unit);
    const again = await read();
    if (!again.ok) return { checked: noted(checked), unread: again.failure };
    ({ fieldsOf } = again.value);
    checked = judge(checkGuarded(guarded, fieldsOf, context));
  }
  if (checked.diagnostics.some(({ code }) => code === "UNKNOWN_TABLE")) {
    const names = await metadata.names(mce, unit, signal);
    if (names.ok) checked = judge(checkGuarded(guarded, fieldsOf, { ...context, tableNames: names.value }));
  }
  return { checked: noted(checked) };
}

/** What is known of a business unit and the moment without asking MCE. */
function contextOf({ platform, unit }: { platform: Pick<Platform, "now">; unit: Pick<Unit, "mid" | "eid"> }) {
  return { isChild: unit.mid !== unit.eid, now: platform.now() };
}

/** What can be said of a query when no table's fields are known: nothing about names, and nothing against a star. */
export function checkAlone(text: string, where: Parameters<typeof contextOf>[0]): Checked {
  return checkGuardedAlone(readGuarded(text), contextOf(where));
}

function checkGuardedAlone(guarded: GuardedQuery, context: CheckContext): Checked {
  const checked = checkGuarded(guarded, () => undefined, context);
  const diagnostics = checked.diagnostics.filter(({ code }) => code !== "UNKNOWN_TABLE" && code !== "STAR_UNKNOWN");
  return { ...checked, ok: diagnostics.every(({ severity }) => severity === "warning"), diagnostics };
}

/** MCE's opinion; undefined when it did not answer in time. */
async function ask(sql: string, { platform, mce, validateTimeoutMs, signal }: Asking) {
  const late = platform.timeout(validateTimeoutMs);
  const stop = signal === undefined ? late : AbortSignal.any([late, signal]);
  const answer = await validateQuery(mce, { sql, signal: stop });
  return answer.ok ? verdictOf(answer.value) : undefined;
}

/** MCE joins several complaints by line breaks of HTML (FACTS 5.5). */
function verdictOf({ valid, errors, warnings }: Validation) {
  const messagesOf = (texts: readonly string[]) =>
    texts
      .flatMap((text) => text.split(/<br\s*\/?>/i))
      .map((text) => text.trim())
      .filter((text) => text !== "")
      .map((text) => ({ text, shown: maskValues(text) }));
  return { isValid: valid, errors: messagesOf(errors), warnings: messagesOf(warnings) };
}
