import { given } from "#lang/given.ts";
import type { Mce } from "#mce/client.ts";
import { answered, rejected, type Answer, type MceFailure } from "#mce/failure.ts";
import { readDataExtensionNames } from "#mce/soap/data-extension.ts";
import type { FieldDefinition } from "#mce/soap/field.ts";
import { readProfileAttributes } from "#mce/soap/profile-attributes.ts";
import { hasOwnAttributes } from "#sql/data-views.ts";
import type { TableField, TableRef } from "#sql/fields.ts";
import { tableKey } from "#sql/read/tables.ts";
import { lookUpFields, lookUpTables, type LookingUp } from "./look-up-tables.ts";

/** Whose tables: cached fields of one business unit are never shown to another. */
export type Unit = { tenantId: string; mid: number; eid: number };

/** The fields of the tables asked for; undefined for one MCE does not show to this business unit, or refuses to tell of. */
export type Known = {
  fieldsOf: (table: TableRef) => readonly TableField[] | undefined;
  /** Why MCE does not tell the fields of a table, which may well be there. */
  refusalOf: (table: TableRef) => MceFailure | undefined;
  /** Nothing of it was remembered: what is missing now is missing in MCE. */
  isFresh: boolean;
};

/** The fields of Data Extensions, remembered for a minute in memory. */
export type Metadata = {
  /**
   * Reads the fields of all tables at once: two calls, for shared tables two more beside them, none when all are remembered.
   * What MCE refuses is asked in other ways, with a pause before each.
   */
  read(mce: Mce, unit: Unit, tables: readonly TableRef[], how?: Omit<LookingUp, "clientId">): Promise<Answer<Known>>;
  /** The names of all Data Extensions of the business unit, to find the one that was meant. */
  names(mce: Mce, unit: Unit, signal?: AbortSignal): Promise<Answer<readonly string[]>>;
  /** Forgets a business unit's tables: somebody has changed one. */
  forget(unit: Unit): void;
};

const keptMs = 60_000;

type Kept<T> = { value: T; until: number };

/** A read that is under way; once its business unit is forgotten, what it brings may be old and is not remembered. */
type Reading = { readonly place: string; isOutdated: boolean };

/** Takes what is told of a table: its fields, or why MCE does not tell them. */
type Told = {
  keep(table: TableRef, fields: readonly TableField[]): void;
  refuse(table: TableRef, why: MceFailure): void;
};

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
    async read(mce, unit, tables, how = {}) {
      forgetOld();
      // Taken before anything is awaited: what is remembered may run out, or be forgotten, while the rest is read.
      const known = new Map(tables.map((table) => [tableKey(table), fields.get(keyOf(unit, table))?.value]));
      const missing = tables.filter((table) => known.get(tableKey(table)) === undefined);
      const refusals = new Map<string, MceFailure>();
      const reading = begin(unit);
      const told: Told = {
        keep(table, value) {
          known.set(tableKey(table), value);
          if (!reading.isOutdated) fields.set(keyOf(unit, table), { value, until: now() + keptMs });
        },
        refuse: (table, why) => void refusals.set(tableKey(table), why),
      };
      const found = await readTables({ mce, unit, how }, missing, told).finally(() => underWay.delete(reading));
      if (!found.ok) return found;
      return answered({
        fieldsOf: (table: TableRef) => known.get(tableKey(table)),
        refusalOf: (table: TableRef) => refusals.get(tableKey(table)),
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
  { mce, unit, how }: { mce: Mce; unit: Unit; how: LookingUp },
  tables: readonly TableRef[],
  told: Told,
): Promise<Answer<void>> {
  const views = tables.filter(({ name }) => hasOwnAttributes(name));
  const extensions = tables.filter((table) => !views.includes(table));
  const own = extensions.filter((table) => !table.ent);
  const enterprise = extensions.filter((table) => table.ent);
  const shared = { ...how, clientId: unit.eid };
  const [attributes, ...answers] = await Promise.all([
    views.length === 0 ? undefined : attributesOf(mce, shared),
    readByName(mce, own, how, told),
    // Shared tables are visible in the enterprise's context only (MCE 4.7).
    readByName(mce, enterprise, shared, told),
  ]);
  if (attributes !== undefined) for (const view of views) told.keep(view, attributes);
  return answers.find((answer) => !answer.ok) ?? answered(undefined);
}

/** The account's own columns of `_EnterpriseAttribute`; undefined where MCE does not tell them, which is no reason to stop. */
async function attributesOf(
  mce: Mce,
  { signal, clientId }: LookingUp & { clientId: number },
): Promise<readonly TableField[] | undefined> {
  const found = await readProfileAttributes(mce, { clientId, ...given({ signal }) });
  return found.ok && found.value.length > 0 ? found.value.map(fieldOf) : undefined;
}

/** SQL says names, the fields are filed under keys (MCE 4.5): two calls. */
async function readByName(mce: Mce, tables: readonly TableRef[], how: LookingUp, told: Told): Promise<Answer<void>> {
  const names = tables.map(({ name }) => name);
  const found = await lookUpTables(mce, "names", names, how);
  if (!found.ok) return found;
  const customerKeys = found.value.values.map(({ customerKey }) => customerKey);
  const fields = await lookUpFields(mce, customerKeys, how);
  if (!fields.ok) return fields;
  const extensionOf = new Map(found.value.values.map((extension) => [extension.name.toLowerCase(), extension]));
  const whyNot = new Map([...found.value.refused, ...fields.value.refused].map(({ key, failure }) => [key, failure]));
  const fieldsOf = Map.groupBy(fields.value.values, ({ dataExtensionKey }) => dataExtensionKey.toLowerCase());
  for (const table of tables) {
    const extension = extensionOf.get(table.name.toLowerCase());
    const refusal = whyNot.get(extension?.customerKey ?? table.name);
    const own = fieldsOf.get(extension?.customerKey.toLowerCase() ?? "") ?? [];
    if (refusal !== undefined) told.refuse(table, refusal);
    else if (own.length > 0) told.keep(table, own.map(fieldOf));
    // No table is without fields: whoever may not see them gets none (MCE 4.5).
    else if (extension !== undefined) told.refuse(table, noField.failure);
  }
  return answered(undefined);
}

const noField = rejected("Empty", "Marketing Cloud shows the Data Extension, but none of its fields");

function fieldOf(field: FieldDefinition): TableField {
  const { name, fieldType, maxLength, precision, scale, isRequired, isPrimaryKey } = field;
  return {
    name,
    fieldType,
    ...given({ maxLength, precision, scale }),
    ...(isRequired === undefined ? {} : { isNullable: !isRequired && isPrimaryKey !== true }),
  };
}

function placeOf({ tenantId, mid }: Unit): string {
  return `${tenantId}/${mid}/`;
}

function keyOf(unit: Unit, table: TableRef): string {
  return placeOf(unit) + tableKey(table);
}
