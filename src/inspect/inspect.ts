import { given } from "#lang/given.ts";
import type { KeptFor } from "#lang/kept-for.ts";
import type { Platform } from "#async/platform.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import { maskValues, shownMessage } from "#mce/mask.ts";
import { scopesText } from "#mce/scopes.ts";
import { validateQuery, type Validation } from "#mce/rest/validate.ts";
import { sha256 } from "#protocol/signature.ts";
import { aloneText, withAlone } from "#sql/alone.ts";
import { askedText, type AskedText } from "#sql/asked-text.ts";
import { checkGuarded, type CheckContext, type Checked } from "#sql/check.ts";
import { isError } from "#sql/diagnostic.ts";
import { dataView } from "#sql/data-views.ts";
import type { TableRef } from "#sql/fields.ts";
import { isAboutMce } from "#sql/error-catalogue.ts";
import { tablesToAsk } from "#sql/infer.ts";
import { withVerdict, type MceVerdict } from "#sql/mce-verdict.ts";
import { readGuarded, type GuardedQuery } from "#sql/query.ts";
import { tableKey } from "#sql/read/tables.ts";
import type { How } from "#sql/rewrite/rewrite.ts";
import { ownWords } from "#sql/text/own-words.ts";
import type { Known, Metadata, Unit } from "./metadata.ts";

/**
 * The findings about a query after MCE was asked. `unread`: the fields of its tables could not be read. `refused`: MCE
 * refuses the fields of these tables, so their columns are assumed.
 */
export type Inspection = { checked: Checked; unread?: MceFailure; refused?: RefusedTables };

/** A table whose fields MCE refuses, and why. */
type RefusedTable = { table: TableRef; failure: MceFailure };

/** At least one. */
export type RefusedTables = readonly [RefusedTable, ...RefusedTable[]];

/** Whom to ask, and for how long. */
export type Asking = {
  platform: Pick<Platform, "timeout" | "now">;
  mce: Mce;
  unit: Unit;
  metadata: Metadata;
  /** How long to wait for MCE's own check. */
  validateTimeoutMs: number;
  signal?: AbortSignal;
  target?: NonNullable<CheckContext["target"]>;
  /** What MCE said of texts before, so that it is asked once; absent: nothing is remembered. */
  verdicts?: Verdicts;
  /** How the query is to run; absent: as a look. */
  how?: How;
  /** Retries a call that failed temporarily; absent: one try. */
  patiently?: <T>(call: () => Promise<Answer<T>>) => Promise<Answer<T>>;
  /** Waits between a refusal and the next way to ask; absent: no wait. */
  pause?: () => Promise<unknown>;
};

/** MCE's verdicts on texts by their hashes. */
export type Verdicts = Pick<KeptFor<MceVerdict>, "get" | "set">;

/** The findings that a changed table causes. */
const changed: ReadonlySet<string> = new Set(["UNKNOWN_COLUMN", "AMBIGUOUS_COLUMN"]);

const whyMax = 250;

/** The findings about a table that other names may explain. */
const misnamed: ReadonlySet<string> = new Set(["UNKNOWN_TABLE", "UNBRACKETED_NAME"]);

/** More unknown tables than a query has by mistake. */
const maxShared = 20;

/** More would hide the other notes. */
const maxRefusedNotes = 10;

const notValidated = "Not validated: Marketing Cloud's own check of the query did not answer";

/**
 * Checks a query with the fields that MCE has for its tables, and asks for MCE's own check at the same time.
 *
 * When MCE does not answer, that is a note, never an approval. A name that is missing in remembered fields is looked up
 * once more.
 */
export async function inspect(text: string, asking: Asking): Promise<Inspection> {
  const guarded = readGuarded(text);
  if (!guarded.ok) return { checked: checkGuarded(guarded, () => undefined) };
  const { query } = guarded;
  const asked = askedText(query);
  const tables = tablesToAsk(query);
  const { metadata, mce, unit, signal, pause, patiently = (call) => call() } = asking;
  const how = given({ signal, pause });
  const read = (): Promise<Answer<Known>> => patiently(() => metadata.read(mce, unit, tables, how));
  const [first, said] = await Promise.all([read(), askMce(asked, asking)]);
  const judge = (checked: Checked): Checked => (said === undefined ? checked : withVerdict(checked, asked, said));
  const noted = (checked: Checked): Checked =>
    said === undefined ? { ...checked, notes: [...checked.notes, notValidated] } : checked;
  if (!first.ok) return { checked: noted(judge(checkGuardedAlone(guarded, contextOf(asking)))), unread: first.error };
  let known = first.value;
  // Before the first judgment, because a judgment of a large query with unknown tables takes long.
  const unknown = unknownOf(tables, known);
  let meant = unknown.length > 0 ? await readMeant(asking, unknown) : undefined;
  const judged = (): Checked =>
    judge(checkGuarded(guarded, known.fieldsOf, { ...contextWith(asking, tables, known), ...meant }));
  let checked = judged();
  // With an unknown table, which is never remembered, the query fails whatever the fields of the others are now.
  const mayBeOld = !known.isFresh && unknown.length === 0;
  if (mayBeOld && checked.diagnostics.some(({ code }) => changed.has(code))) {
    metadata.forget(unit);
    const again = await read();
    if (!again.ok) return { checked: noted(checked), unread: again.error };
    const isSame = isSameOf(tables, known, again.value);
    known = again.value;
    if (!isSame) checked = judged();
  }
  if (meant === undefined && checked.diagnostics.some(({ code }) => misnamed.has(code))) {
    meant = await readMeant(asking, unknownOf(tables, known));
    checked = judged();
  }
  const alone = checked.ok ? aloneText(query, asked, checked) : undefined;
  if (alone !== undefined) checked = withAlone(checked, asked, alone, said && (await askMce(alone, asking)));
  return withRefused(noted(checked), refusedOf(tables, known));
}

/** What is known of a business unit and of the tables whose fields MCE refuses. */
export function contextWith(
  asking: Pick<Asking, "unit" | "target" | "how"> & { platform: Pick<Platform, "now"> },
  tables: readonly TableRef[],
  known: Known,
): CheckContext {
  const unreadTables = new Map(refusedOf(tables, known).map(({ table, failure }) => [tableKey(table), whyOf(failure)]));
  const { target } = asking;
  return { ...contextOf(asking), ...given({ target }), unreadTables };
}

/** The tables whose fields MCE refuses. */
export function refusedOf(tables: readonly TableRef[], { refusalOf }: Known): readonly RefusedTable[] {
  return tables.flatMap((table) => {
    const failure = refusalOf(table);
    return failure === undefined ? [] : [{ table, failure }];
  });
}

/** Adds a note for each table whose columns are assumed, and one for all after the tenth. */
export function withRefused(checked: Checked, refused: readonly RefusedTable[]): Inspection {
  const [first, ...others] = refused;
  if (first === undefined) return { checked };
  const notes = refused
    .slice(0, maxRefusedNotes)
    .map(
      ({ table, failure }) =>
        `The fields of ${table.name} could not be read from Marketing Cloud, so its columns are assumed to be Text(4000). Marketing Cloud's reason, which is about the look-up and not the query: ${whyOf(failure)}`,
    );
  const more = refused.length - notes.length;
  if (more > 0)
    notes.push(`The columns of ${more} more tables could not be read either, so they are assumed to be Text(4000)`);
  return { checked: { ...checked, notes: [...notes, ...checked.notes] }, refused: [first, ...others] };
}

/** Returns MCE's reason without values, short enough for a note. */
export function whyOf(failure: MceFailure): string {
  const said = shownMessage(failure).trim();
  const needs = failure.kind === "forbidden" ? failure.needs : undefined;
  const words = needs === undefined ? said : `${said.replace(/[.\s]+$/, "")}; this needs ${scopesText(needs)}`;
  return words.length > whyMax ? `${words.slice(0, whyMax - 1)}…` : words;
}

/** What a check without MCE needs. */
type Alone = { platform: Pick<Platform, "now">; unit: Pick<Unit, "mid" | "eid">; how?: How };

/** What is known without asking MCE: whether the business unit has a parent, the time, and how the query is to run. */
export function contextOf({ platform, unit, how }: Alone) {
  return { ...how, isChild: unit.mid !== unit.eid, now: platform.now() };
}

/** Whether two readings say the same of all tables. */
function isSameOf(tables: readonly TableRef[], one: Known, other: Known): boolean {
  const said = ({ fieldsOf, refusalOf }: Known) =>
    JSON.stringify(tables.map((table) => fieldsOf(table) ?? refusalOf(table)?.kind ?? "unknown"));
  return said(one) === said(other);
}

/** The Data Extensions that MCE neither shows nor refuses. */
function unknownOf(tables: readonly TableRef[], { fieldsOf, refusalOf }: Known): readonly TableRef[] {
  const isUnknown = (table: TableRef) => fieldsOf(table) === undefined && refusalOf(table) === undefined;
  return tables.filter((table) => isUnknown(table) && dataView(table.name) === undefined);
}

/** Reads the Data Extensions that may have been meant: the business unit's own and, by name, those shared with it. */
async function readMeant(
  { metadata, mce, unit, signal }: Asking,
  unknown: readonly TableRef[],
): Promise<Pick<CheckContext, "tableNames" | "isShared">> {
  const shared = unknown.filter(({ ent }) => !ent).map(({ name }) => ({ name, ent: true }));
  // The parent needs no prefix for what it shares.
  const asked = unit.mid === unit.eid ? [] : shared.slice(0, maxShared);
  const [names, found] = await Promise.all([
    metadata.names(mce, unit, signal),
    asked.length === 0 ? undefined : metadata.read(mce, unit, asked, given({ signal })),
  ]);
  const fieldsOf = found?.ok === true ? found.value.fieldsOf : undefined;
  return given({
    tableNames: names.ok ? names.value : undefined,
    isShared: fieldsOf && ((name: string) => fieldsOf({ name, ent: true }) !== undefined),
  });
}

/** Checks a query without any table's fields: nothing about names, and nothing against a star. */
export function checkAlone(text: string, where: Alone): Checked {
  return checkGuardedAlone(readGuarded(text), contextOf(where));
}

/** The same of a text that has been read. */
export function checkGuardedAlone(guarded: GuardedQuery, context: CheckContext): Checked {
  const checked = checkGuarded(guarded, () => undefined, context);
  const diagnostics = checked.diagnostics.filter(({ code }) => code !== "UNKNOWN_TABLE" && code !== "STAR_UNKNOWN");
  return { ...checked, ok: !diagnostics.some(isError), diagnostics };
}

/** Asks for MCE's own check, once for a text. @returns undefined when it did not answer in time */
async function askMce(asked: AskedText, asking: Asking): Promise<MceVerdict | undefined> {
  const { platform, mce, unit, verdicts, validateTimeoutMs, signal } = asking;
  const key = verdicts && `${unit.tenantId}/${unit.mid}/${await sha256(asked.sql)}`;
  const before = key && verdicts?.get(key);
  if (before) return before;
  const late = platform.timeout(validateTimeoutMs);
  const stop = signal === undefined ? late : AbortSignal.any([late, signal]);
  const answer = await validateQuery(mce, { sql: asked.sql, signal: stop });
  const verdict = answer.ok ? verdictOf(answer.value, asked) : undefined;
  if (key !== undefined && verdict !== undefined) verdicts?.set(key, verdict);
  return verdict;
}

/**
 * Splits MCE's complaints at HTML line breaks (MCE 5.5). Undefined when all of them report an error inside MCE, which says
 * nothing about the query.
 */
function verdictOf({ valid, errors, warnings }: Validation, asked: AskedText): MceVerdict | undefined {
  // Most queries have no complaints.
  const words = errors.length + warnings.length === 0 ? undefined : ownWords(asked.sql, [], asked);
  const messagesOf = (texts: readonly string[]) =>
    texts
      .flatMap((text) => text.split(/<br\s*\/?>/i))
      .map((text) => text.trim())
      .filter((text) => text !== "")
      .map((text) => ({ text, shown: maskValues(text, words) }));
  const complaints = messagesOf(errors);
  if (complaints.length > 0 && complaints.every(({ text }) => isAboutMce(text))) return undefined;
  return { isValid: valid, errors: complaints, warnings: messagesOf(warnings) };
}
