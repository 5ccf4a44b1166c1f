import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import { createDataExtension, findDataExtensions, type FieldDefinition } from "#mce/soap/data-extension.ts";
import { findQueryDefinitions } from "#mce/soap/query-definition.ts";
import { fieldOf, type Column } from "#protocol/column.ts";
import type { AssetKind } from "#protocol/ledger-note.ts";
import { customerKeyOf } from "#run/names.ts";
import { openNaming } from "./asset-names.ts";
import { attemptOf, endHere, addNotes, type RunInHand } from "../run/run-in-hand.ts";
import { createOrAdopt, makeInFolder, mayBeTheText, type Asset } from "./create-or-adopt.ts";
import type { Outcome } from "../ending.ts";
import type { Doing } from "../run/refusal-words.ts";
import { explain } from "../run/failures.ts";
import type { Table } from "../run/flow.ts";
import type { Folders } from "../business-unit/folders.ts";
import { patiently } from "../run/patience.ts";
import { openQueryMaking } from "./query-making.ts";

/** Two days, because "1 day" may end minutes later (DESIGN 5, MCE 4.3); our own clean-up comes first. */
const retention = { days: 2 };

/** What to tell of a business unit that takes no looks. */
export const lookRefused =
  "Marketing Cloud refused to number and bound the rows of this query, so its whole result was written, in no particular order";

const withoutRetention =
  "Marketing Cloud refused a retention period for the result table; only this service will delete it";

/** Creates the temp Data Extension of a run, or finds the one that an earlier start created (D15). */
export async function openTempTable(
  run: RunInHand,
  columns: readonly Column[],
  folders: Folders,
): Promise<Outcome<Table>> {
  const customerKey = customerKeyOf(run.spec.id, attemptOf(run));
  const known = remembered(run, "dataExtension");
  if (known !== undefined) return ok({ customerKey, name: known.name });
  const fields = columns.map(definitionOf);
  const find = async () => firstOf(await findDataExtensions(run.mce, { customerKey }, { signal: run.signal }));
  run.failPoint("de:before");
  const named = openNaming(run);
  const made = await makeInFolder(run, folders, "dataExtensionFolderId", (folderId) =>
    named(async (names) => {
      const draft = { customerKey, folderId, fields };
      const kept =
        run.probed.retention === false
          ? undefined
          : await createOrAdopt(run, names, {
              create: (name) => createDataExtension(run.mce, { ...draft, name, retention }),
              find,
            });
      if (kept !== undefined && !mayBeRetention(kept)) return kept;
      // MCE's message for a missing "Manage Data Extension Retention" is unknown: after any refusal, try without.
      const bare = await createOrAdopt(run, names, {
        create: (name) => createDataExtension(run.mce, { ...draft, name }),
        find,
      });
      if (bare.ok) await addNotes(run, [withoutRetention]);
      return bare.ok ? bare : (kept ?? bare);
    }),
  );
  if (!made.ok) return refusal(run, made.error, "creating the result table");
  run.failPoint("de:after");
  noteCreated(run, "dataExtension", customerKey, made.value);
  return ok({ customerKey, name: made.value.name });
}

function mayBeRetention(kept: Answer<Asset>): boolean {
  return !kept.ok && (kept.error.kind === "rejected" || kept.error.kind === "forbidden");
}

function definitionOf({ type, maxLength, precision, scale, ...column }: Column): FieldDefinition {
  return {
    name: fieldOf(column),
    fieldType: type,
    ...given({ maxLength, precision, scale }),
  };
}

/** Creates the QueryDefinition of a run, or finds the one that an earlier start created (D15). */
export async function openQuery(
  run: RunInHand,
  folders: Folders,
  { plain, ...definition }: { sql: string; plain?: string; target: Table; updateType: UpdateType },
): Promise<Outcome<string>> {
  const customerKey = customerKeyOf(run.spec.id, attemptOf(run));
  const known = remembered(run, "queryDefinition");
  if (known !== undefined) return ok(known.objectId);
  run.failPoint("qd:before");
  const draft = { customerKey, ...definition };
  const look = await makeQuery(run, folders, draft);
  const isRefused = !look.made.ok && mayBeTheText(look.made.error) && !run.signal.aborted;
  const again = isRefused && plain !== undefined;
  const { made, shown } = again ? await makeQuery(run, folders, { ...draft, sql: plain }) : look;
  if (!made.ok) return refusal(run, shown(made.error), "creating the query");
  if (again) await noteRefusedLook(run);
  run.failPoint("qd:after");
  noteCreated(run, "queryDefinition", customerKey, made.value);
  return ok(made.value.objectId);
}

type UpdateType = "Overwrite" | "Append" | "Update";

/** Creates a query in our folder, or finds the one that an earlier start created; and what to show of its failure. */
async function makeQuery(
  run: RunInHand,
  folders: Folders,
  draft: { customerKey: string; sql: string; target: Table; updateType: UpdateType },
): Promise<{ made: Answer<Asset>; shown: (failure: MceFailure) => MceFailure }> {
  const named = openNaming(run);
  const { in: makingIn, shown } = openQueryMaking(run, draft);
  const made = await makeInFolder(run, folders, "queryFolderId", (folderId) =>
    named((names) => createOrAdopt(run, names, makingIn(folderId))),
  );
  return { made, shown };
}

/** MCE took a query that it refused as a look: later runs of the business unit do not try one for a while. */
async function noteRefusedLook(run: RunInHand): Promise<void> {
  run.refusedLooks.remember(run.spec.tenancy);
  await run.memory.save({ isPlain: true });
  await addNotes(run, [lookRefused]);
}

/** The ObjectID of the query that an earlier start created; undefined when MCE has no active one. */
export async function findQuery(run: RunInHand): Promise<Answer<string | undefined>> {
  const known = remembered(run, "queryDefinition");
  if (known !== undefined) return ok(known.objectId);
  const customerKey = customerKeyOf(run.spec.id, attemptOf(run));
  const found = await patiently(run, () => findQueryDefinitions(run.mce, { customerKey }, { signal: run.signal }));
  return found.ok ? ok(found.value[0]?.objectId) : found;
}

function firstOf(answer: Answer<readonly Asset[]>): Answer<Asset | undefined> {
  return answer.ok ? ok(answer.value[0]) : answer;
}

function remembered(run: RunInHand, asset: AssetKind): Asset | undefined {
  const attempt = attemptOf(run);
  const entry = run.report
    .ledger()
    .find((known) => known.asset === asset && known.attempt === attempt && known.state === "created");
  return entry?.objectId === undefined ? undefined : { objectId: entry.objectId, name: entry.name ?? "" };
}

function noteCreated(run: RunInHand, asset: AssetKind, customerKey: string, { objectId, name }: Asset): void {
  const note = { state: "created", asset, attempt: attemptOf(run), customerKey, objectId, name } as const;
  run.report.put({ type: "noted", note });
}

function refusal<T>(run: RunInHand, failure: MceFailure, doing: Doing): Outcome<T> {
  return endHere(run, { kind: "failed", error: explain(failure, doing, run.spec) });
}
