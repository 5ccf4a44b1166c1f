import { given } from "#lang/given.ts";
import { err, ok } from "#lang/result.ts";
import type { Mce } from "#mce/client.ts";
import type { Answer } from "#mce/failure.ts";
import { dataView } from "#sql/data-views.ts";
import type { TableField, TableRef } from "#sql/fields.ts";
import type { AppEnv } from "../app-types.ts";
import type { Table } from "./catalogue.ts";

/** As old as a list of tables. */
const maxAgeMs = 5 * 60_000;

/**
 * Reads the fields of a table that exists, from memory if it can.
 *
 * A data view has its own columns; MCE is asked only where an account can add some.
 */
export async function readFieldsOf(
  { clients, user }: Pick<AppEnv["Variables"], "clients" | "user">,
  mce: Mce,
  { table, ref }: { table: Table; ref: TableRef },
): Promise<Answer<readonly TableField[]>> {
  const view = table.kind === "data-view" ? dataView(ref.name) : undefined;
  const isTold = view !== undefined && !view.isOpen;
  if (isTold) return ok([...view.columns, ...view.unlisted]);
  const read = await clients.metadata.read(mce, user, [ref], { maxAgeMs });
  if (!read.ok) return read;
  const failure = read.value.refusalOf(ref);
  const told = read.value.fieldsOf(ref) ?? [];
  // MCE may tell nothing about a view.
  const fields = told.length > 0 ? told : view?.columns;
  if (fields === undefined && failure !== undefined) return err(failure);
  return ok(fields ?? []);
}

/** A field as the API shows it. */
export function shownField({ name, fieldType, isNullable, isPrimaryKey = false, zone, ...size }: TableField) {
  const { maxLength, precision, scale } = size;
  return {
    name,
    type: fieldType,
    ...given({ maxLength, precision, scale }),
    isPrimaryKey,
    isRequired: isNullable === false,
    ...given({ zone }),
  };
}
