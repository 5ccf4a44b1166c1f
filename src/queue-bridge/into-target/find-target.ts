import { given } from "#lang/given.ts";
import type { Mce } from "#mce/client.ts";
import { lookUpFields, lookUpTables } from "#inspect/look-up-tables.ts";
import { answered, failed, type Answer, type MceFailure } from "#mce/failure.ts";
import type { Field } from "#mce/soap/field.ts";

/**
 * A Data Extension of the user's that a run writes into; `isShared`: it is the parent business unit's; `refused`: why MCE
 * does not tell its fields, which then are none.
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
  /** `Ent.` was asked for, but MCE would write into the business unit's own one of that key. */
  | { kind: "hidden"; own: string };

type Ask = { customerKey: string; signal: AbortSignal; pause?: () => Promise<unknown> };

/**
 * Finds a target by its CustomerKey: the business unit's own one as MCE does, then one that the enterprise shares
 * (MCE 4.7). `Ent.` before the key asks for the shared one only.
 */
export async function findTarget(mce: Mce, ask: Ask): Promise<Answer<TargetAnswer>> {
  const own = await lookUp(mce, ask);
  if (!own.ok) return own;
  if (own.value !== undefined) return answered({ kind: "found", target: own.value });
  const bare = /^ent\.(.+)$/i.exec(ask.customerKey)?.[1];
  const key = { ...ask, customerKey: bare ?? ask.customerKey };
  const isParent = mce.mid === mce.eid;
  const [shared, hiding] = await Promise.all([
    isParent && bare === undefined ? answered(undefined) : lookUp(mce, key, isParent ? undefined : mce.eid),
    isParent || bare === undefined ? answered(undefined) : lookUp(mce, key),
  ]);
  if (!shared.ok) return shared;
  if (!hiding.ok) return hiding;
  if (shared.value === undefined) return answered({ kind: "unknown" });
  if (hiding.value !== undefined) return answered({ kind: "hidden", own: hiding.value.name });
  return answered({ kind: "found", target: shared.value });
}

/** Both calls go by the key, so they go at once. */
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
  if (hidden !== undefined) return failed(hidden.failure);
  const [extension] = found.value.values;
  if (extension === undefined) return answered(undefined);
  const own = fields.value.values.filter((field) => field.dataExtensionKey.toLowerCase() === customerKey.toLowerCase());
  const [refusal] = fields.value.refused;
  const { customerKey: key, name } = extension;
  const target = { customerKey: key, name, isShared: clientId !== undefined, fields: own };
  return answered(refusal === undefined ? target : { ...target, refused: refusal.failure });
}
