import { given } from "#lang/given.ts";
import { ok } from "#lang/result.ts";
import { whyOf } from "#inspect/inspect.ts";
import { readCustomerKey } from "#run/names.ts";
import type { Target } from "#protocol/target.ts";
import { sourcesOf } from "#sql/sources.ts";
import { targetReads } from "#sql/target-reads.ts";
import { endHere, addNotes, type RunInHand } from "../run/run-in-hand.ts";
import type { Outcome } from "../ending.ts";
import { explain, internal } from "../run/failures.ts";
import type { Table, Plan } from "../run/flow.ts";
import { patiently } from "../run/patience.ts";
import {
  targetFieldsHidden,
  targetHidden,
  targetIsTemporary,
  targetMismatch,
  targetNotFound,
  targetRead,
} from "#inspect/target/failures.ts";
import { findTarget, type FoundTarget } from "#inspect/target/find-target.ts";
import { fitTarget, notesOf, refusalsOf, type Refusal } from "#inspect/target/fit.ts";
import { noteRowsBefore } from "./row-count.ts";

/**
 * Finds the target and compares it with the query, before anything is created in MCE (R4). It always reads the fields again,
 * because a user who was refused may change the target and run the query again at once.
 */
export async function checkTarget(run: RunInHand, planning: Promise<Outcome<Plan>>): Promise<Outcome<Table>> {
  const { target: asked } = run.spec;
  if (asked === undefined) return fail(run, internal("The run arrived without its target"));
  const { customerKey, mode } = asked;
  if (mode === "append") noteRowsBefore(run, customerKey);
  const [plan, answer] = await Promise.all([
    planning,
    patiently(run, () => findTarget(run.mce, { customerKey, signal: run.signal, pause: () => pauseOf(run) })),
  ]);
  if (!plan.ok) return plan;
  if (!answer.ok) return fail(run, explain(answer.error, "looking for the target", run.spec));
  const found = answer.value;
  if (found.kind === "unknown") return fail(run, targetNotFound(customerKey));
  if (found.kind === "hidden") return fail(run, targetHidden(customerKey, found.own));
  const { target } = found;
  if (readCustomerKey(target.customerKey) !== undefined) return fail(run, targetIsTemporary(target.name));
  if (target.fields.length === 0 && target.refused === undefined) return fail(run, targetFieldsHidden(target.name));
  const reads = readsOf(run, target);
  if (mode !== "update" && reads.length > 0) return fail(run, targetRead(target.name, reads));
  if (reads.length > 0) noteRowsBefore(run, customerKey);
  const { refusals, notes } = compared(plan.value, target, mode);
  if (refusals.length > 0) return fail(run, targetMismatch(target.name, refusals));
  await sendNotes(run, plan.value, notes);
  run.failPoint("target:after");
  return ok({ customerKey: target.customerKey, name: target.name });
}

/** What ends the run, and what its user must know. When the fields cannot be read, only MCE itself compares. */
function compared(
  { columns, sql }: Plan,
  { name, fields, refused }: FoundTarget,
  mode: Target["mode"],
): { refusals: readonly Refusal[]; notes: readonly string[] } {
  if (refused !== undefined) {
    const note = `The fields of the target "${name}" could not be read from Marketing Cloud, so the query was not compared with them: ${whyOf(refused)}`;
    return { refusals: [], notes: [note] };
  }
  const known = sourcesOf(sql);
  const sources = known?.length === columns.length ? known : undefined;
  const fit = fitTarget({ columns, ...given({ sources }), fields, mode });
  return { refusals: refusalsOf(fit), notes: notesOf(fit) };
}

/** The pause between a refusal by MCE and asking in another way. */
function pauseOf({ platform, settings, signal }: RunInHand): Promise<boolean> {
  return platform.sleep(settings.retryMinMs, signal);
}

/** Sends notes at once instead of with `ready`: if the run fails, they may show the reason. */
async function sendNotes(run: RunInHand, { columns }: Plan, notes: readonly string[]): Promise<void> {
  if (notes.length === 0) return;
  if (run.claim.columns === undefined) run.report.put({ type: "planned", columns: [...columns], notes: [...notes] });
  await addNotes(run, notes);
}

/**
 * Whether the query may be performed twice. An overwrite and an update give the same result, unless the update reads its own
 * target; an append never does (D4). A target that cannot be looked up now counts as read.
 */
export async function isRepeatable(run: RunInHand): Promise<boolean> {
  const { target: asked } = run.spec;
  if (asked === undefined || asked.mode === "append") return false;
  if (asked.mode === "overwrite") return true;
  const { customerKey } = asked;
  const answer = await patiently(run, () => findTarget(run.mce, { customerKey, signal: run.signal }));
  return answer.ok && answer.value.kind === "found" && readsOf(run, answer.value.target).length === 0;
}

/** Where the query reads its target: places in the user's own text, the one that the user can see. */
function readsOf(run: RunInHand, { name, isShared }: FoundTarget): ReturnType<typeof targetReads> {
  const isParent = run.mce.mid === run.mce.eid;
  // In the parent business unit a Data Extension can be named with and without `Ent.`.
  return targetReads(run.spec.sql, isParent ? { name } : { name, ent: isShared });
}

function fail<T>(run: RunInHand, error: ReturnType<typeof internal>): Outcome<T> {
  return endHere(run, { kind: "failed", error });
}
