import { usFromServer } from "../dates.ts";
import type { DataExtension } from "../entities.ts";
import { shuffled } from "../random.ts";
import type { Snapshot, World } from "../world.ts";
import { compareValues } from "./compare-values.ts";
import { param, positive } from "./parameters.ts";
import { readFilterExpression } from "./row-filter.ts";

type Rows = Snapshot["rows"];

/** The rows a rowset shows, filtered, shuffled or ordered, as text; or what is wrong with the parameters. */
export function readRows(world: World, found: DataExtension, query: URLSearchParams): Rows | string {
  const names = found.fields.map((it) => it.name.toLowerCase());
  const isDate = found.fields.map((it) => it.fieldType === "Date");
  const hasKey = found.fields.some((it) => it.isPrimaryKey);
  const all = world.engine.readRows(found.mid, found.name);
  const filter = param(query, "filter");
  const test = filter === undefined ? undefined : readFilterExpression(filter, found.fields);
  if (typeof test === "string") return test;
  const ids = world.engine.readKeys(found.mid, found.name);
  const numbered = all.map((values, at) => ({ values, id: ids[at] ?? at + 1 }));
  const kept = test === undefined ? numbered : numbered.filter(({ values }) => test(values));
  const mixed = shuffled(kept, world.random);
  const ordered = order(mixed, param(query, "orderBy"), found.fields);
  if (typeof ordered === "string") return ordered;
  const top = positive(param(query, "top"), Number.MAX_SAFE_INTEGER, 0);
  const asked = param(query, "fields")
    ?.split(",")
    .map((it) => it.trim().toLowerCase());
  return (top > 0 ? ordered.slice(0, top) : ordered).map(({ values, id }) => {
    const row: Rows[number] = { keys: hasKey ? {} : { _customobjectkey: String(id) }, values: {} };
    for (const [at, name] of names.entries()) {
      if (asked !== undefined && !asked.includes(name)) continue;
      const value = values[at] ?? "";
      (found.fields[at]?.isPrimaryKey === true ? row.keys : row.values)[name] =
        isDate[at] === true && value !== "" ? usFromServer(value) : value;
    }
    return row;
  });
}

type Numbered = { values: readonly (string | null)[]; id: number };

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
