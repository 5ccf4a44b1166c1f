import { usFromServer } from "../dates.ts";
import type { DataExtension } from "../entities.ts";
import { dataExtensionByKey, isShared } from "../store.ts";
import { readFilter } from "./filter.ts";
import type { Context, ObjectKind } from "./object-kind.ts";
import { type Answer, type Query, wrongProperties } from "./retrieve.ts";
import { element, nil, text } from "./xml-write.ts";

/** The values of a row as text, null for NULL. */
type Row = ReadonlyMap<string, string | null>;

/** The service's own number of a row: several public clients ask for it with the fields, none shows the answer. */
const rowKey = "_CustomObjectKey";

/** Rows of `DataExtensionObject[key]`: explicit columns only, values as text, no LIKE (MCE 2.3, 4.5). */
export function retrieveRows(key: string, query: Query, context: Context): Answer {
  const type = "DataExtensionObject";
  const found = dataExtensionByKey(context.world.store, context.mid, key);
  const isHidden = context.onlyShared && found?.mid === context.eid && !isShared(context.world.store, found);
  if (found === undefined || isHidden)
    return { kind: "refused", message: `Error: Data extension does not exist: ${key}` };
  if (query.properties.includes("*")) return { kind: "results", type, results: [] };
  const hasRowKey = context.world.behaviours.soapRowKey === "answer";
  const names = [...found.fields.map((it) => it.name), ...(hasRowKey ? [rowKey] : [])];
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
    properties: fields.map((field) => ({ path: field.name, read: (row) => row.get(field.name) ?? "" })),
    filterable: fields.map((field) => field.name),
    refuses: ["like"],
    list({ world }) {
      const ids = world.engine.readKeys(mid, name);
      const rows = world.engine.readRows(mid, name).map((row, index) => {
        const shown = row.map((value, at) =>
          fields[at]?.fieldType === "Date" && value !== null ? usFromServer(value) : value,
        );
        const pairs = fields.map((field, at): [string, string | null] => [field.name, shown[at] ?? null]);
        return new Map([...pairs, [rowKey, String(ids[index] ?? index + 1)]]);
      });
      return rows.toSorted((one, other) => place(one) - place(other));
    },
  };
}

/** Shuffles rows, since no order is promised (MCE 7.1), but the same way each time, as a table without writes keeps its order. */
function place(row: Row): number {
  return (Number(row.get(rowKey)) * 2_654_435_761) % 2 ** 32;
}

/** The `Value` of a NULL is left out (MCE 4.5). */
function render(type: string, asked: readonly string[], row: Row): string {
  const pairs = asked.map((name) => {
    const value = row.get(name) ?? null;
    return element("Property", text("Name", name) + (value === null ? "" : text("Value", value)));
  });
  return element(
    "Results",
    nil("PartnerKey") + nil("ObjectID") + text("Type", type) + element("Properties", pairs.join("")),
    type,
  );
}
