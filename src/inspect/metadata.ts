import { given } from "#lang/given.ts";
import { keptFor } from "#lang/kept-for.ts";
import { ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import { rejected, type Answer, type MceFailure } from "#mce/failure.ts";
import { readDataExtensionNames } from "#mce/soap/data-extension.ts";
import type { FieldDefinition } from "#mce/soap/field.ts";
import { readProfileAttributes } from "#mce/soap/profile-attributes.ts";
import { dataView, hasOwnAttributes, isListed } from "#sql/data-views.ts";
import type { TableField, TableRef } from "#sql/fields.ts";
import { tableKey } from "#sql/read/tables.ts";
import { lookUpFields, lookUpTables, type LookingUp } from "./look-up-tables.ts";

/** The owner of tables. Cached fields of one business unit are never shown to another. */
export type Unit = { tenantId: string; mid: number; eid: number };

/** The fields of the tables asked for. */
export type Known = {
  /** Undefined for a table that MCE does not show to this business unit, or refuses to describe. */
  fieldsOf: (table: TableRef) => readonly TableField[] | undefined;
  /** Why MCE refuses the fields of a table, which may exist. */
  refusalOf: (table: TableRef) => MceFailure | undefined;
  /** The CustomerKey of a Data Extension whose fields are known. */
  keyOf: (table: TableRef) => string | undefined;
  /** Nothing came from memory: what is missing is missing in MCE. */
  isFresh: boolean;
};

/** How to read fields; `maxAgeMs`: how old remembered ones may be, a minute unless it is said. */
type Reading = Omit<LookingUp, "clientId"> & { maxAgeMs?: number };

/** The fields of Data Extensions, remembered in memory for up to five minutes. */
export type Metadata = {
  /**
   * Reads the fields of all tables at once, with two calls, two more for shared tables, or none when all are remembered.
   * What MCE refuses is asked in other ways, with a pause before each. Of more than 250 tables that are not remembered, the
   * first 250 are asked for, and the others count as refused.
   */
  read(mce: Mce, unit: Unit, tables: readonly TableRef[], how?: Reading): Promise<Answer<Known>>;
  /** The remembered fields of a table, which may be five minutes old. */
  peek(unit: Unit, table: TableRef): readonly TableField[] | undefined;
  /** Reads the names of all Data Extensions of the business unit, to find the one that was meant. */
  names(mce: Mce, unit: Unit, signal?: AbortSignal): Promise<Answer<readonly string[]>>;
  /** Forgets the fields of a business unit's tables, because one has changed; names, which are only proposed, stay. */
  forget(unit: Unit): void;
};

/** For a look while somebody types. */
const keptMs = 5 * 60_000;
/** For a run: a changed table would cost it a second try. */
const usualMaxAgeMs = 60_000;
/** Ten times what the largest query we know names; thousands in one filter keep MCE busy for a minute. */
const maxAsked = 250;
/** 20,000 fields take less than 10 MB. */
const maxFields = 20_000;
/** Names of all business units together; one alone may have more. */
const maxNames = 60_000;

type Kept = { fields: readonly TableField[]; customerKey?: string; readAt: number };

/** A read that is under way. Once its business unit is forgotten, its answer may be old and is not remembered. */
type UnderWay = { readonly place: string; isOutdated: boolean };

/** Takes MCE's answer about a table: its fields, or why it does not give them. */
type Taken = {
  keep(table: TableRef, fields: readonly TableField[], customerKey?: string): void;
  refuse(table: TableRef, why: MceFailure): void;
};

/**
 * Opens the cache. Unknown tables are not remembered, because a user who reads of one creates it next.
 *
 * @param namesMax for tests
 */
export function openMetadata(now: () => number, namesMax = maxNames): Metadata {
  const bound = { max: maxFields, weightOf: (it: Kept) => it.fields.length };
  const kept = keptFor<Kept>(keptMs, now, bound);
  const names = keptFor<readonly string[]>(usualMaxAgeMs, now, { max: namesMax, weightOf: (list) => list.length });
  const underWay = new Set<UnderWay>();

  /** Asks MCE for something to remember. */
  function reading<T>(unit: Unit, ask: (read: UnderWay) => Promise<T>): Promise<T> {
    const read = { place: placeOf(unit), isOutdated: false };
    underWay.add(read);
    return ask(read).finally(() => underWay.delete(read));
  }

  return {
    peek: (unit, table) => kept.get(placeOfTable(unit, table))?.fields,
    async read(mce, unit, tables, { maxAgeMs = usualMaxAgeMs, ...how } = {}) {
      const oldest = now() - maxAgeMs;
      const recent = (table: TableRef) => {
        const it = kept.get(placeOfTable(unit, table));
        return it !== undefined && it.readAt > oldest ? it : undefined;
      };
      // Taken before anything is awaited: an entry may expire, or be forgotten, while the rest is read.
      const known = new Map(tables.map((table) => [tableKey(table), recent(table)]));
      const missing = tables.filter((table) => known.get(tableKey(table)) === undefined);
      const refusals = new Map<string, MceFailure>();
      for (const table of missing.slice(maxAsked)) refusals.set(tableKey(table), tooMany.error);
      const found = await reading(unit, (read) =>
        readTables({ mce, unit, how }, missing.slice(0, maxAsked), {
          keep(table, fields, customerKey) {
            const value = { fields, ...given({ customerKey }), readAt: now() };
            known.set(tableKey(table), value);
            if (!read.isOutdated) kept.set(placeOfTable(unit, table), value);
          },
          refuse: (table, why) => void refusals.set(tableKey(table), why),
        }),
      );
      if (!found.ok) return found;
      return ok({
        fieldsOf: (table: TableRef) => known.get(tableKey(table))?.fields,
        keyOf: (table: TableRef) => known.get(tableKey(table))?.customerKey,
        refusalOf: (table: TableRef) => refusals.get(tableKey(table)),
        isFresh: missing.length === tables.length,
      });
    },
    async names(mce, unit, signal) {
      const known = names.get(placeOf(unit));
      if (known !== undefined) return ok(known);
      return reading(unit, async (read) => {
        const found = await readDataExtensionNames(mce, given({ signal }));
        if (found.ok && !read.isOutdated) names.set(placeOf(unit), found.value);
        return found;
      });
    },
    forget(unit) {
      kept.forget(placeOf(unit));
      for (const read of underWay) if (read.place === placeOf(unit)) read.isOutdated = true;
    },
  };
}

/** Reads the fields of tables that are not remembered. What was read is kept even when another part fails. */
async function readTables(
  { mce, unit, how }: { mce: Mce; unit: Unit; how: LookingUp },
  tables: readonly TableRef[],
  taken: Taken,
): Promise<Answer<void>> {
  const views = tables.filter(({ name }) => hasOwnAttributes(name));
  const extensions = tables.filter((table) => !views.includes(table));
  const own = extensions.filter((table) => !table.ent);
  const enterprise = extensions.filter((table) => table.ent);
  const shared = { ...how, clientId: unit.eid };
  const [attributes, ...answers] = await Promise.all([
    views.length === 0 ? undefined : attributesOf(mce, shared),
    readByName(mce, own, how, taken),
    // Shared tables are visible in the enterprise's context only (MCE 4.7).
    readByName(mce, enterprise, shared, taken),
  ]);
  if (attributes !== undefined) for (const view of views) taken.keep(view, attributes);
  return answers.find((answer) => !answer.ok) ?? ok(undefined);
}

/** Reads the account's own columns of `_EnterpriseAttribute`; undefined when MCE does not give them, which is no failure. */
async function attributesOf(
  mce: Mce,
  { signal, clientId }: LookingUp & { clientId: number },
): Promise<readonly TableField[] | undefined> {
  const found = await readProfileAttributes(mce, { clientId, ...given({ signal }) });
  return found.ok && found.value.length > 0 ? found.value.map(fieldOf) : undefined;
}

/** Reads fields in two calls, because SQL has names and MCE wants keys (MCE 4.5). */
async function readByName(mce: Mce, tables: readonly TableRef[], how: LookingUp, taken: Taken): Promise<Answer<void>> {
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
    if (own.length > 0) taken.keep(table, asListed(table, own.map(fieldOf)), extension?.customerKey);
    // A view that MCE does not show, or not tell about, has the columns that are known anyway.
    else if (isListed(table.name)) taken.keep(table, []);
    else if (refusal !== undefined) taken.refuse(table, refusal);
    // Every table has fields: MCE gives none when the connection may not see them (MCE 4.5).
    else if (extension !== undefined) taken.refuse(table, noField.error);
  }
  return ok(undefined);
}

/** A view's fields, where SOAP shows whole numbers as texts without length, with the types that are known (MCE 8.7). */
function asListed({ name }: TableRef, fields: readonly TableField[]): TableField[] {
  const listed = new Map(dataView(name)?.columns.map((field) => [field.name.toLowerCase(), field]));
  return fields.map((field) => {
    const known = listed.get(field.name.toLowerCase());
    const isText = field.fieldType === "Text" && field.maxLength === undefined;
    return isText && known !== undefined ? { ...field, ...known } : field;
  });
}

const tooMany = rejected("TooMany", `The query names more than ${maxAsked} tables, and only the first are looked up`);

const noField = rejected("Empty", "Marketing Cloud shows the Data Extension, but none of its fields");

function fieldOf(field: FieldDefinition): TableField {
  const { name, fieldType, maxLength, precision, scale, isRequired, isPrimaryKey } = field;
  return {
    name,
    fieldType,
    ...given({
      maxLength,
      precision,
      scale,
      isNullable: isRequired === undefined ? undefined : !isRequired && isPrimaryKey !== true,
      isPrimaryKey,
    }),
  };
}

function placeOf({ tenantId, mid }: Unit): string {
  return `${tenantId}/${mid}/`;
}

function placeOfTable(unit: Unit, table: TableRef): string {
  return placeOf(unit) + tableKey(table);
}
