import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { answered } from "#mce/failure.ts";
import { findDataExtensions, readDataExtensionNames } from "#mce/soap/data-extension.ts";
import { readFields } from "#mce/soap/field.ts";
import { readProfileAttributes } from "#mce/soap/profile-attributes.ts";
import { hasOwnAttributes } from "#sql/data-views.ts";
import type { TableField, TableRef } from "#sql/fields.ts";
import { tableKey } from "#sql/read/tables.ts";

/** Whose tables: cached fields of one business unit are never shown to another. */
export type Unit = { tenantId: string; mid: number; eid: number };

/** The fields of the tables asked for; undefined for one MCE does not show to this business unit. */
export type Known = {
  fieldsOf: (table: TableRef) => readonly TableField[] | undefined;
  /** Nothing of it was remembered: what is missing now is missing in MCE. */
  isFresh: boolean;
};

/** The fields of Data Extensions, remembered for a minute in memory. */
export type Metadata = {
  /** Reads the fields of all tables at once: two calls, for shared tables two more beside them, none when all are remembered. */
  read(mce: Mce, unit: Unit, tables: readonly TableRef[], signal?: AbortSignal): Promise<Answer<Known>>;
  /** The names of all Data Extensions of the business unit, to find the one that was meant. */
  names(mce: Mce, unit: Unit, signal?: AbortSignal): Promise<Answer<readonly string[]>>;
  /** Forgets a business unit's tables: somebody has changed one. */
  forget(unit: Unit): void;
};

const keptMs = 60_000;

type Kept<T> = { value: T; until: number };

/** A read that is under way; once its business unit is forgotten, what it brings may be old and is not remembered. */
type Reading = { readonly place: string; isOutdated: boolean };

type Keep = (table: TableRef, fields: readonly TableField[]) => void;

/** Opens the cache; unknown tables are not remembered, because a user who reads the refusal makes them next. */
export function openMetadata(now: () => number): Metadata {
  const fields = new Map<string, Kept<readonly TableField[]>>();
  const names = new Map<string, Kept<readonly string[]>>();
  const underWay = new Set<Reading>();

  function forgetOld(): void {
    for (const cache of [fields, names]) {
      for (const [key, { until }] of cache) if (until <= now()) cache.delete(key);
    }
  }

  /** Notes that MCE is being asked for something to remember. */
  function begin(unit: Unit): Reading {
    const reading = { place: placeOf(unit), isOutdated: false };
    underWay.add(reading);
    return reading;
  }

  return {
    async read(mce, unit, tables, signal) {
      forgetOld();
      // Taken before anything is awaited: what is remembered may run out, or be forgotten, while the rest is read.
      const known = new Map(tables.map((table) => [tableKey(table), fields.get(keyOf(unit, table))?.value]));
      const missing = tables.filter((table) => known.get(tableKey(table)) === undefined);
      const reading = begin(unit);
      const keep: Keep = (table, value) => {
        known.set(tableKey(table), value);
        if (!reading.isOutdated) fields.set(keyOf(unit, table), { value, until: now() + keptMs });
      };
      const found = await readTables({ mce, unit, signal }, missing, keep).finally(() => underWay.delete(reading));
      if (!found.ok) return found;
      return answered({
        fieldsOf: (table: TableRef) => known.get(tableKey(table)),
        isFresh: missing.length === tables.length,
      });
    },
    async names(mce, unit, signal) {
      forgetOld();
      const kept = names.get(placeOf(unit));
      if (kept !== undefined) return answered(kept.value);
      const reading = begin(unit);
      const asked = readDataExtensionNames(mce, signal === undefined ? {} : { signal });
      const found = await asked.finally(() => underWay.delete(reading));
      if (found.ok && !reading.isOutdated) {
        names.set(placeOf(unit), { value: found.value, until: now() + keptMs });
      }
      return found;
    },
    forget(unit) {
      names.delete(placeOf(unit));
      for (const key of fields.keys()) if (key.startsWith(placeOf(unit))) fields.delete(key);
      for (const reading of underWay) if (reading.place === placeOf(unit)) reading.isOutdated = true;
    },
  };
}

/** Reads the fields of tables that are not remembered; what comes is kept also where another part fails. */
async function readTables(
  { mce, unit, signal }: { mce: Mce; unit: Unit; signal: AbortSignal | undefined },
  tables: readonly TableRef[],
  keep: Keep,
): Promise<Answer<void>> {
  const views = tables.filter(({ name }) => hasOwnAttributes(name));
  const extensions = tables.filter((table) => !views.includes(table));
  const own = extensions.filter((table) => !table.ent);
  const enterprise = extensions.filter((table) => table.ent);
  const stop = signal === undefined ? {} : { signal };
  const context = { ...stop, clientId: unit.eid };
  const [attributes, local, shared] = await Promise.all([
    views.length === 0 ? undefined : attributesOf(mce, context),
    fieldsByName(mce, own, stop),
    // Shared tables are visible in the enterprise's context only (FACTS 4.7).
    fieldsByName(mce, enterprise, context),
  ]);
  if (attributes !== undefined) for (const view of views) keep(view, attributes);
  if (local.ok) for (const [name, value] of local.value) keep({ name, ent: false }, value);
  if (shared.ok) for (const [name, value] of shared.value) keep({ name, ent: true }, value);
  if (!local.ok) return local;
  return shared.ok ? answered(undefined) : shared;
}

/** The account's own columns of `_EnterpriseAttribute`; undefined where MCE does not tell them, which is no reason to stop. */
async function attributesOf(
  mce: Mce,
  context: { signal?: AbortSignal; clientId: number },
): Promise<readonly TableField[] | undefined> {
  const found = await readProfileAttributes(mce, context);
  return found.ok && found.value.length > 0 ? found.value.map(fieldOf) : undefined;
}

/** SQL says names, the fields are filed under keys (FACTS 4.5): two calls. */
async function fieldsByName(
  mce: Mce,
  tables: readonly TableRef[],
  context: { signal?: AbortSignal; clientId?: number },
): Promise<Answer<ReadonlyMap<string, readonly TableField[]>>> {
  if (tables.length === 0) return answered(new Map());
  const found = await findDataExtensions(mce, { names: tables.map((table) => table.name) }, context);
  if (!found.ok) return found;
  const names = new Map(found.value.map((extension) => [extension.customerKey.toLowerCase(), extension.name]));
  if (names.size === 0) return answered(new Map());
  const customerKeys = found.value.map((extension) => extension.customerKey);
  const fields = await readFields(mce, { customerKeys }, context);
  if (!fields.ok) return fields;
  const byName = new Map<string, TableField[]>();
  for (const field of fields.value) {
    const name = names.get(field.dataExtensionKey.toLowerCase());
    if (name === undefined) continue;
    byName.set(name, [...(byName.get(name) ?? []), fieldOf(field)]);
  }
  return answered(byName);
}

function fieldOf({ name, fieldType, maxLength, precision, scale }: TableField): TableField {
  return {
    name,
    fieldType,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
}

function placeOf({ tenantId, mid }: Unit): string {
  return `${tenantId}/${mid}/`;
}

function keyOf(unit: Unit, table: TableRef): string {
  return placeOf(unit) + tableKey(table);
}
