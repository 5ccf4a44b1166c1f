import { usFromServer } from "../dates.ts";
import type { DataExtension } from "../entities.ts";
import { dataExtensionByKey, isShared } from "../store.ts";
import { readFilter } from "./filter.ts";
import type { Context, ObjectKind } from "./object-kind.ts";
import { type Answer, type Query, wrongProperties } from "./retrieve.ts";
import { element, nil, text } from "./xml-write.ts";

type Row = ReadonlyMap<string, string>;

/** Rows of `DataExtensionObject[key]`: explicit columns only, values as text, no LIKE (FACTS 2.3, 4.5). */
export function retrieveRows(key: string, query: Query, context: Context): Answer {
  const type = "DataExtensionObject";
  const found = dataExtensionByKey(context.world.store, context.mid, key);
  const isHidden = context.onlyShared && found?.mid === context.eid && !isShared(context.world.store, found);
  if (found === undefined || isHidden)
    return { kind: "refused", message: `Error: Data extension does not exist: ${key}` };
  if (query.properties.includes("*")) return { kind: "results", type, results: [] };
  const names = found.fields.map((it) => it.name);
  const column = (asked: string) => names.find((it) => it.toLowerCase() === asked.toLowerCase());
  const unknown = query.properties.filter((it) => column(it) === undefined);
  if (unknown.length > 0) return wrongProperties(unknown, `DataExtensionObject[${key}]`);
  const asked = query.properties.map((it) => column(it) ?? it);
  const kind = rowKind(found);
  const filter = query.filter === undefined ? undefined : readFilter(query.filter, kind, context);
  if (filter?.kind === "refused") return filter;
  const rows = kind.list(context).filter((row) => filter?.test(row) ?? true);
  return { kind: "results", type, results: rows.map((row) => render(type, asked, row)) };
}

function rowKind(dataExtension: DataExtension): ObjectKind<Row> {
  const { fields, mid, name } = dataExtension;
  return {
    type: "DataExtensionObject",
    properties: fields.map((field) => ({ path: field.name, read: (row) => row.get(field.name) })),
    filterable: fields.map((field) => field.name),
    refuses: ["like"],
    list: ({ world }) =>
      world.engine.readRows(mid, name).map((row) => {
        const shown = row.map((value, at) =>
          fields[at]?.fieldType === "Date" && value !== null ? usFromServer(value) : (value ?? ""),
        );
        return new Map(fields.map((field, at) => [field.name, shown[at] ?? ""]));
      }),
  };
}

function render(type: string, asked: readonly string[], row: Row): string {
  const pairs = asked.map((name) => element("Property", text("Name", name) + text("Value", row.get(name) ?? "")));
  return element(
    "Results",
    nil("PartnerKey") + nil("ObjectID") + text("Type", type) + element("Properties", pairs.join("")),
    type,
  );
}
