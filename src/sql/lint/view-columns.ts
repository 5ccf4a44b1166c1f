import { dataView, isDataView } from "../data-views.ts";
import { columnNamed, isSameName, type Relation } from "../read/scope.ts";
import { keysOf } from "../view-keys.ts";
import { isParentView } from "./enterprise-views.ts";

/** The views worth joining for a column, the likeliest first. */
const partners = [
  "_Subscribers",
  "_Job",
  "_Sent",
  "_Open",
  "_Click",
  "_Bounce",
  "_ListSubscribers",
  "_Journey",
  "_JourneyActivity",
  "_AutomationInstance",
  "_AutomationActivityInstance",
  "_BusinessUnitUnsubscribes",
];

/** More views than a real query joins would say no more, and take long. */
const maxLacking = 8;

function hasColumn(view: string, name: string): boolean {
  return dataView(view)?.columns.some((column) => isSameName(column.name, name)) === true;
}

/** People write e-mail in many ways; the views have one. */
function usualName(name: string): string {
  return /^e[-_ ]?mail(?:[-_ ]?addr(?:ess)?)?$/i.test(name) ? "EmailAddress" : name;
}

function join(view: string, other: string, alias: string, isChild: boolean): string | undefined {
  const key = keysOf(view, other);
  if (key === undefined) return undefined;
  const own = view.slice(1).toLowerCase();
  const conditions = key.map(({ column, other: name }) => `${own}.${column} = ${alias}.${name}`);
  const prefix = isChild && isParentView(view) ? "Ent." : "";
  return `JOIN ${prefix}${view} AS ${own} ON ${conditions.join(" AND ")}`;
}

/**
 * Where a column is that a data view lacks: a table of the query, or the view to join for it.
 *
 * @param meant the table that was named, or all there are
 * @param visible every table of the query
 */
export function viewColumnFix(
  name: string,
  meant: readonly Relation[],
  visible: readonly Relation[],
  isChild: boolean,
): string | undefined {
  const lacking = meant.filter(({ table }) => table !== undefined && isDataView(table.name)).slice(0, maxLacking);
  if (lacking.length === 0) return undefined;
  const column = usualName(name);
  const owner = visible.find(({ columns }) => columnNamed(columns, column) !== undefined);
  if (owner !== undefined) return `${owner.table?.name ?? owner.alias} has it: write ${owner.alias}.${column}`;
  for (const view of partners.filter((partner) => hasColumn(partner, column))) {
    for (const { table, alias } of lacking) {
      const joined = join(view, table?.name ?? "", alias, isChild);
      if (joined !== undefined) return `${view} has ${column}: ${joined}`;
    }
  }
  return undefined;
}
