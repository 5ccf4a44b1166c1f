import type { Answer, MceFailure } from "#mce/failure.ts";
import { failed } from "#mce/failure.ts";
import type { FieldDefinition } from "#mce/soap/data-extension.ts";
import { createDataExtension, findDataExtensions } from "#mce/soap/data-extension.ts";
import { createQueryDefinition, findQueryDefinitions } from "#mce/soap/query-definition.ts";
import type { Column } from "#protocol/column.ts";
import type { AssetKind } from "#protocol/ledger.ts";
import { assetNames, customerKeyOf } from "#protocol/names.ts";
import type { DrivenRun } from "./driven-run.ts";
import { endHere } from "./driven-run.ts";
import type { Outcome } from "./ending.ts";
import { done } from "./ending.ts";
import { explain } from "./failures.ts";
import type { Table } from "./flow.ts";
import { patiently } from "./patience.ts";

type Asset = { objectId: string; name: string };

/** The only attempt so far: a Perform that is sent again uses the same shell. */
export const firstAttempt = 1;

/** DESIGN 5: "1 day" may end minutes later (FACTS 4.3), so two; our own clean-up comes first. */
const retention = { days: 2 };

const withoutRetention =
  "Marketing Cloud refused a retention period for the result table; it is deleted by this service alone";

const stopped: MceFailure = { kind: "aborted", retry: "never", message: "" };

/** Creates the temp Data Extension of a run, or finds the one an earlier start made (D15). */
export async function openTempTable(
  run: DrivenRun,
  columns: readonly Column[],
  folderId: number,
): Promise<Outcome<Table>> {
  const customerKey = customerKeyOf(run.spec.id, firstAttempt);
  const known = remembered(run, "dataExtension");
  if (known !== undefined) return done({ customerKey, name: known.name });
  const fields = columns.map(fieldOf);
  const find = async () => firstOf(await findDataExtensions(run.mce, { customerKey }, { signal: run.signal }));
  run.failPoint("de:before");
  const create = (keep: { retention?: typeof retention }) => (name: string) =>
    createDataExtension(run.mce, { customerKey, name, folderId, fields, ...keep });
  let made = await createOrAdopt(run, find, create({ retention }));
  // MCE's words for a missing "Manage Data Extension Retention" are not known: whatever was refused, try without once.
  if (!made.ok && made.failure.kind === "rejected" && !run.signal.aborted) {
    const bare = await createOrAdopt(run, find, create({}));
    if (bare.ok) run.notes.push(withoutRetention);
    if (bare.ok) made = bare;
  }
  if (!made.ok) return refusal(run, made.failure, "creating the result table");
  run.failPoint("de:after");
  noteCreated(run, "dataExtension", customerKey, made.value);
  return done({ customerKey, name: made.value.name });
}

function fieldOf({ name, type, maxLength, precision, scale }: Column): FieldDefinition {
  return {
    name,
    fieldType: type,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
}

/** Creates the QueryDefinition of a run, or finds the one an earlier start made (D15). */
export async function openQuery(
  run: DrivenRun,
  definition: { sql: string; target: Table; updateType: "Overwrite" | "Append" | "Update"; folderId: number },
): Promise<Outcome<string>> {
  const customerKey = customerKeyOf(run.spec.id, firstAttempt);
  const known = remembered(run, "queryDefinition");
  if (known !== undefined) return done(known.objectId);
  const find = async () => firstOf(await findQueryDefinitions(run.mce, { customerKey }, { signal: run.signal }));
  run.failPoint("qd:before");
  const create = (name: string) => createQueryDefinition(run.mce, { customerKey, name, ...definition });
  const made = await createOrAdopt(run, find, create);
  if (!made.ok) return refusal(run, made.failure, "creating the query");
  run.failPoint("qd:after");
  noteCreated(run, "queryDefinition", customerKey, made.value);
  return done(made.value.objectId);
}

/** Tells the ObjectID of the query an earlier start made; undefined when MCE has no active one. */
export async function findQuery(run: DrivenRun): Promise<Answer<string | undefined>> {
  const known = remembered(run, "queryDefinition");
  if (known !== undefined) return { ok: true, value: known.objectId };
  const customerKey = customerKeyOf(run.spec.id, firstAttempt);
  const found = await patiently(run, () => findQueryDefinitions(run.mce, { customerKey }, { signal: run.signal }));
  return found.ok ? { ok: true, value: found.value[0]?.objectId } : found;
}

/**
 * Creates under the shortest free name. After every Create that failed or got no answer the asset is looked for by its
 * CustomerKey: found means ours. A later start looks first, because it is not proven that MCE refuses a second one.
 */
async function createOrAdopt(
  run: DrivenRun,
  find: () => Promise<Answer<Asset | undefined>>,
  create: (name: string) => Promise<Answer<{ objectId: string }>>,
): Promise<Answer<Asset>> {
  if (run.claim.epoch > 1) {
    const earlier = await patiently(run, find);
    if (!earlier.ok) return earlier;
    if (earlier.value !== undefined) return { ok: true, value: earlier.value };
  }
  let last: MceFailure = stopped;
  for (const name of assetNames(run.spec.id, run.spec.snippetName)) {
    const made = await createOnce(run, name, find, create);
    if (made.ok) return made;
    last = made.failure;
    if (!isNameTaken(last) || run.signal.aborted) break;
  }
  return failed(last);
}

/** Creates under one name; after a lost answer without a trace of the asset the Create is sent again. */
async function createOnce(
  run: DrivenRun,
  name: string,
  find: () => Promise<Answer<Asset | undefined>>,
  create: (name: string) => Promise<Answer<{ objectId: string }>>,
): Promise<Answer<Asset>> {
  const giveUpAt = run.now() + run.settings.mcePatienceMs;
  for (;;) {
    if (run.signal.aborted) return failed(stopped);
    const made = await patiently(run, () => create(name));
    if (made.ok) return { ok: true, value: { objectId: made.value.objectId, name } };
    const isLost = made.failure.kind === "unavailable" && made.failure.effect === "unknown";
    if (!isLost && made.failure.kind !== "rejected") return made;
    const found = await patiently(run, find);
    if (found.ok && found.value !== undefined) return { ok: true, value: found.value };
    if (!isLost || !found.ok || run.now() > giveUpAt) return made;
  }
}

/** MCE's exact words are not proven (FACTS 14), so any of the usual ones; the next name costs one call when it is wrong. */
function isNameTaken(failure: MceFailure): boolean {
  return failure.kind === "rejected" && /exist|unique|duplicate|in use|taken/i.test(failure.message);
}

function firstOf(answer: Answer<readonly Asset[]>): Answer<Asset | undefined> {
  return answer.ok ? { ok: true, value: answer.value[0] } : answer;
}

function remembered(run: DrivenRun, asset: AssetKind): Asset | undefined {
  const entry = run.report.ledger().find((known) => known.asset === asset && known.state === "created");
  return entry?.objectId === undefined ? undefined : { objectId: entry.objectId, name: entry.name ?? "" };
}

function noteCreated(run: DrivenRun, asset: AssetKind, customerKey: string, { objectId, name }: Asset): void {
  const note = { state: "created", asset, attempt: firstAttempt, customerKey, objectId, name } as const;
  run.report.put({ type: "noted", note });
}

function refusal<T>(run: DrivenRun, failure: MceFailure, doing: Parameters<typeof explain>[1]): Outcome<T> {
  return endHere(run, { kind: "failed", error: explain(failure, doing) });
}
