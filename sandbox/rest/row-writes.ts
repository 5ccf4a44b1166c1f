import { z } from "zod";
import type { DataExtension } from "../entities.ts";
import type { Value } from "../engine/types.ts";
import { json, parseJson, type Reply } from "../http.ts";
import { dataExtensionByKey } from "../store.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";
import { restError } from "./errors.ts";

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** The body of a row write. */
export const rowset = z.array(
  z.object({ keys: z.record(z.string(), cell).default({}), values: z.record(z.string(), cell).default({}) }),
);

/** Upserts rows by key and repeats them as the service does: names camel-cased, values as text (MCE 7.3). */
export function writeRows(world: World, grant: Grant, key: string, body: string): Reply {
  const found = dataExtensionByKey(world.store, grant.mid, key);
  if (found === undefined) return restError(404, `Unable to find the data extension ${key}.`);
  const parsed = rowset.safeParse(parseJson(body));
  if (!parsed.success) return restError(400, "The request body is invalid.", 10_001);
  const rows: Value[][] = [];
  for (const { keys, values } of parsed.data) {
    const row = toRow(found, { ...keys, ...values });
    if (typeof row === "string") return refused(found, row);
    rows.push(row);
  }
  const mode = found.fields.some((it) => it.isPrimaryKey) ? "update" : "append";
  const written = world.engine.insertRows(found.mid, found.name, rows, mode);
  if (written.kind === "failed") return refused(found, written.message);
  found.isFresh = false;
  found.isChanged = true;
  return json(
    200,
    parsed.data.map(({ keys, values }) => ({ keys: camelCased(keys), values: camelCased(values) })),
  );
}

function toRow(found: DataExtension, cells: Record<string, z.infer<typeof cell>>): Value[] | string {
  const given = new Map(Object.entries(cells).map(([name, value]) => [name.toLowerCase(), value]));
  const known = new Set(found.fields.map((it) => it.name.toLowerCase()));
  const unknown = [...given.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) return `The column ${unknown} does not exist.`;
  return found.fields.map((field) => {
    const value = given.get(field.name.toLowerCase());
    if (value === undefined || value === null || value === "") return null;
    if (field.fieldType === "Boolean") return /^(?:true|1)$/i.test(String(value)) ? "True" : "False";
    return String(value);
  });
}

function refused(found: DataExtension, message: string): Reply {
  return restError(400, `Unable to save rows for data extension ID ${found.objectId}`, 10_006, {
    additionalErrors: [{ message, errorcode: 10_000, documentation: "" }],
  });
}

function camelCased(cells: Record<string, z.infer<typeof cell>>): Record<string, string> {
  const rename = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1);
  return Object.fromEntries(
    Object.entries(cells).map(([name, value]) => [rename(name), value === null ? "" : String(value)]),
  );
}
