import { isDataView, isToldByMce } from "#sql/data-views.ts";
import type { TableField, TableRef } from "#sql/fields.ts";
import { fieldsIn, type CorpusQuery } from "../../tests/sql/support/fields-in.ts";

/** Columns of every Data Extension that MCE does not list among its fields (MCE 4.2). */
const unlisted = new Set(["_customobjectkey", "_createddate"]);

/**
 * What production would know of a query's tables: the fields of Data Extensions without the columns MCE does not list, and
 * nothing of data views, which our own list describes, but for those of which MCE can be asked.
 */
export function productionFieldsIn(query: CorpusQuery): (table: TableRef) => readonly TableField[] | undefined {
  const known = fieldsIn(query);
  return (table) => {
    if (isDataView(table.name) && !isToldByMce(table.name)) return undefined;
    return known(table)?.filter(({ name }) => !unlisted.has(name.toLowerCase()));
  };
}
