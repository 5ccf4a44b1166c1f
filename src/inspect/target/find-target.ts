import { given } from "#lang/given.ts";
import { err, ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import { lookUpFields, lookUpTables } from "../look-up-tables.ts";
import type { Answer, MceFailure } from "#mce/failure.ts";
import type { Field } from "#mce/soap/field.ts";

/**
 * A Data Extension of the user's that a run writes to; `isShared`: it belongs to the parent business unit; `refused`: why MCE
 * does not return its fields, which are then empty.
 */
export type FoundTarget = {
  customerKey: string;
  name: string;
  isShared: boolean;
  fields: readonly Field[];
  refused?: MceFailure;
};

export type TargetAnswer =
  | { kind: "found"; target: FoundTarget }
  | { kind: "unknown" }
  /** `Ent.` was requested, but MCE would write to the business unit's own Data Extension of that key. */
  | { kind: "hidden"; own: string };

type Ask = { customerKey: string; signal?: AbortSignal; pause?: () => Promise<unknown> };

/**
 * Finds a target by its CustomerKey: first the business unit's own, as MCE does, then one that the enterprise shares
 * (MCE 4.7). `Ent.` before the key requests only the shared one.
 */
export async function findTarget(mce: Mce, ask: Ask): Promise<Answer<TargetAnswer>> {
  const own = await lookUp(mce, ask);
  if (!own.ok) return own;
  if (own.value !== undefined) return ok({ kind: "found", target: own.value });
  const bare = /^ent\.(.+)$/i.exec(ask.customerKey)?.[1];
  const key = { ...ask, customerKey: bare ?? ask.customerKey };
  const isParent = mce.mid === mce.eid;
  const [shared, hiding] = await Promise.all([
    isParent && bare === undefined ? ok(undefined) : lookUp(mce, key, isParent ? undefined : mce.eid),
    isParent || bare === undefined ? ok(undefined) : lookUp(mce, key),
  ]);
  if (!shared.ok) return shared;
  if (!hiding.ok) return hiding;
  if (shared.value === undefined) return ok({ kind: "unknown" });
  if (hiding.value !== undefined) return ok({ kind: "hidden", own: hiding.value.name });
  return ok({ kind: "found", target: shared.value });
}

/** Both calls need only the key, so they run in parallel. */
async function lookUp(
  mce: Mce,
  { customerKey, ...how }: Ask,
  clientId?: number,
): Promise<Answer<FoundTarget | undefined>> {
  const context = { ...how, ...given({ clientId }) };
  const [found, fields] = await Promise.all([
    lookUpTables(mce, "customerKeys", [customerKey], context),
    lookUpFields(mce, [customerKey], context),
  ]);
  if (!found.ok) return found;
  if (!fields.ok) return fields;
  const [hidden] = found.value.refused;
  if (hidden !== undefined) return err(hidden.failure);
  const [extension] = found.value.values;
  if (extension === undefined) return ok(undefined);
  const own = fields.value.values.filter((field) => field.dataExtensionKey.toLowerCase() === customerKey.toLowerCase());
  const [refusal] = fields.value.refused;
  const { customerKey: key, name } = extension;
  const target = { customerKey: key, name, isShared: clientId !== undefined, fields: own };
  return ok(refusal === undefined ? target : { ...target, refused: refusal.failure });
}
