import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { findDataExtensions } from "#mce/soap/data-extension.ts";
import { readFields } from "#mce/soap/field.ts";
import type { TableField, TableRef } from "#sql/fields.ts";

/** Whose tables: cached fields of one business unit are never shown to another. */
type Unit = { tenantId: string; mid: number; eid: number };

type FieldsOf = (table: TableRef) => readonly TableField[] | undefined;

/** The fields of Data Extensions, remembered for a minute. */
export type Metadata = {
  /**
   * Reads the fields of all tables at once.
   *
   * @returns a look-up; undefined in it for a table MCE does not show to this business unit
   */
  read(mce: Mce, unit: Unit, tables: readonly TableRef[], signal: AbortSignal): Promise<Answer<FieldsOf>>;
};

const keptMs = 60_000;

type Kept = { fields: readonly TableField[]; until: number };

/** Opens the cache; unknown tables are not remembered, because a user who reads the refusal makes them next. */
export function openMetadata(now: () => number): Metadata {
  const kept = new Map<string, Kept>();
  return {
    async read(mce, unit, tables, signal) {
      for (const [key, { until }] of kept) if (until <= now()) kept.delete(key);
      const missing = tables.filter((table) => !kept.has(keyOf(unit, table)));
      const local = missing.filter((table) => !table.ent);
      const shared = missing.filter((table) => table.ent);
      const found = await Promise.all([
        fieldsByName(mce, local, { signal }),
        // Shared tables are visible in the enterprise's context only (FACTS 4.7).
        fieldsByName(mce, shared, { signal, clientId: unit.eid }),
      ]);
      for (const [index, answer] of found.entries()) {
        if (!answer.ok) return answer;
        for (const [name, fields] of answer.value) {
          kept.set(keyOf(unit, { name, ent: index === 1 }), { fields, until: now() + keptMs });
        }
      }
      return { ok: true, value: (table) => kept.get(keyOf(unit, table))?.fields };
    },
  };
}

/** SQL says names, the fields are filed under keys (FACTS 4.5): two calls. */
async function fieldsByName(
  mce: Mce,
  tables: readonly TableRef[],
  context: { signal: AbortSignal; clientId?: number },
): Promise<Answer<ReadonlyMap<string, readonly TableField[]>>> {
  if (tables.length === 0) return { ok: true, value: new Map() };
  const found = await findDataExtensions(mce, { names: tables.map((table) => table.name) }, context);
  if (!found.ok) return found;
  if (found.value.length === 0) return { ok: true, value: new Map() };
  const names = new Map(found.value.map((extension) => [extension.customerKey.toLowerCase(), extension.name]));
  const fields = await readFields(
    mce,
    { customerKeys: found.value.map((extension) => extension.customerKey) },
    context,
  );
  if (!fields.ok) return fields;
  const byName = new Map<string, TableField[]>();
  for (const field of [...fields.value].sort((one, other) => one.ordinal - other.ordinal)) {
    const name = names.get(field.dataExtensionKey.toLowerCase());
    if (name === undefined) continue;
    byName.set(name, [...(byName.get(name) ?? []), fieldOf(field)]);
  }
  return { ok: true, value: byName };
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

function keyOf(unit: Unit, table: TableRef): string {
  return `${unit.tenantId}/${unit.mid}/${table.ent ? "ent." : ""}${table.name.toLowerCase()}`;
}
