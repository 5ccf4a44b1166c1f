import { usFromServer } from "../dates.ts";
import type { Behaviours } from "../behaviours.ts";
import type { DataExtension, Item, Numbered } from "../entities.ts";
import { shuffled } from "../random.ts";
import type { World } from "../world.ts";
import { compareValues } from "./compare-values.ts";
import { param, positive } from "./parameters.ts";
import { readFilterExpression } from "./row-filter.ts";

/** The rows of a rowset, filtered, shuffled or ordered; or what is wrong with the parameters. */
export function readRows(world: World, found: DataExtension, query: URLSearchParams): Numbered[] | string {
  const filter = world.behaviours.rowsetFilter ? param(query, "filter") : undefined;
  const test = filter === undefined ? undefined : readFilterExpression(filter, found.fields);
  if (typeof test === "string") return test;
  const ids = world.engine.readKeys(found.mid, found.name);
  const numbered = world.engine
    .readRows(found.mid, found.name)
    .map((values, at) => ({ values, id: ids[at] ?? at + 1 }));
  const kept = test === undefined ? numbered : numbered.filter(({ values }) => test(values));
  const { rowsetOrderBy } = world.behaviours;
  const orderBy = rowsetOrderBy === "ignore" ? undefined : param(query, "orderBy");
  if (rowsetOrderBy === "refuse" && orderBy !== undefined) return "The parameter $orderBy is not supported.";
  const ordered = order(shuffled(kept, world.random), orderBy, found.fields);
  if (typeof ordered === "string") return ordered;
  const top = positive(param(query, "top"), Number.MAX_SAFE_INTEGER, 0);
  return top > 0 ? ordered.slice(0, top) : ordered;
}

/** Shows rows as rowsets do: names in lower case, all values text, NULL as empty text (MCE 7.1). */
export function rowPrinter(
  fields: DataExtension["fields"],
  query: URLSearchParams,
  keyless: Behaviours["keylessKeys"],
): (row: Numbered) => Item {
  const asked = param(query, "fields")
    ?.split(",")
    .map((it) => it.trim().toLowerCase());
  const hasKey = fields.some((it) => it.isPrimaryKey);
  const columns = fields
    .map(({ name, fieldType, isPrimaryKey }, at) => ({
      name: name.toLowerCase(),
      isDate: fieldType === "Date",
      isPrimaryKey,
      at,
    }))
    .filter(({ name }) => asked === undefined || asked.includes(name));
  return ({ values, id }) => {
    const keys: Record<string, string> =
      hasKey || keyless !== "_customobjectkey" ? {} : { _customobjectkey: String(id) };
    const own: Record<string, string> = {};
    for (const { name, isDate, isPrimaryKey, at } of columns) {
      const value = values[at] ?? "";
      (isPrimaryKey ? keys : own)[name] = isDate && value !== "" ? usFromServer(value) : value;
    }
    return hasKey || keyless !== "missing" ? { keys, values: own } : { values: own };
  };
}

function order(rows: Numbered[], by: string | undefined, fields: DataExtension["fields"]): Numbered[] | string {
  if (by === undefined || by.trim() === "") return rows;
  const terms = by.split(",").map((term) => {
    const [name = "", direction = "asc"] = term.trim().split(/\s+/);
    const at = fields.findIndex((it) => it.name.toLowerCase() === name.toLowerCase());
    return { name, at, sign: direction.toLowerCase() === "desc" ? -1 : 1 };
  });
  const unknown = terms.find((it) => it.at === -1 && it.name.toLowerCase() !== "_customobjectkey");
  if (unknown !== undefined) return `The field ${unknown.name} does not exist.`;
  const compare = (a: Numbered, b: Numbered) => {
    for (const { at, sign } of terms) {
      const way =
        at === -1
          ? a.id - b.id
          : compareValues(a.values[at] ?? null, b.values[at] ?? null, fields[at]?.fieldType ?? "Text");
      if (way !== 0) return way * sign;
    }
    return 0;
  };
  return [...rows].sort(compare);
}
