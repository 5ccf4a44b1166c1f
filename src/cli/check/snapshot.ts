import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Client } from "#client/client.ts";
import type { TableFields } from "#client/schema-types.ts";
import { SqeError } from "#client/sqe-error.ts";
import { readJson } from "#lang/json.ts";
import { fieldTypes, type FieldType } from "#lang/field-type.ts";
import { check } from "#sql/check.ts";
import type { TableField } from "#sql/fields.ts";
import { tablesToAsk } from "#sql/infer.ts";
import { readGuarded } from "#sql/query.ts";
import { tableKey } from "#sql/read/tables.ts";
import { UsageError } from "../exit-code.ts";
import { readText } from "../sql-input.ts";
import type { Terminal } from "../terminal.ts";
import type { Report } from "./report.ts";

/** The fields of tables as they were at a time, so that queries can be checked without the engine. */
export type Snapshot = { sqeFields: 1; takenAt: string; tables: readonly TableFields[] };

/** Reads a snapshot. @throws UsageError when the file is not a snapshot */
export async function readSnapshot(terminal: Terminal, file: string): Promise<Snapshot> {
  const snapshot = readJson(await readText(terminal, file)) as Partial<Snapshot> | undefined;
  if (snapshot?.sqeFields !== 1 || !Array.isArray(snapshot.tables))
    throw new UsageError(`${file} is no snapshot of fields; make one with sqe check --save-fields ${file}`);
  // Only `saveSnapshot` writes such a file, as a whole.
  return snapshot as Snapshot;
}

/** Asks for the fields of every table that the queries read, and writes them to a file. @returns how many tables it has */
export async function saveSnapshot(
  { cwd }: Terminal,
  client: Client,
  queries: readonly string[],
  file: string,
): Promise<number> {
  const tables: TableFields[] = [];
  for (const name of namesIn(queries)) {
    const found = await client.fields(name).catch((error: unknown) => {
      // A name that is wrong is a finding of the check.
      if (error instanceof SqeError && error.status === 404) return undefined;
      throw error;
    });
    if (found !== undefined) tables.push(found);
  }
  const snapshot: Snapshot = { sqeFields: 1, takenAt: new Date().toISOString(), tables };
  await writeFile(resolve(cwd, file), `${JSON.stringify(snapshot, null, 2)}\n`);
  return tables.length;
}

function namesIn(queries: readonly string[]): string[] {
  const names = new Map<string, string>();
  for (const sql of queries) {
    const guarded = readGuarded(sql);
    if (!guarded.ok) continue;
    for (const table of tablesToAsk(guarded.query))
      names.set(tableKey(table), table.ent ? `Ent.${table.name}` : table.name);
  }
  return [...names.values()].sort();
}

/** Checks a query by a snapshot alone, as the engine does before it asks Marketing Cloud. */
export function checkBy({ tables, takenAt }: Snapshot, sql: string): Report["answer"] {
  const fields = new Map(tables.map((table) => [table.name.toLowerCase(), table.fields.map(fieldOf)]));
  const { ok, diagnostics, notes } = check(sql, (table) => fields.get(tableKey(table)), {
    tableNames: tables.map(({ name }) => name),
  });
  return { ok, diagnostics, notes: [...notes, `Checked by the fields of ${takenAt}`] };
}

function fieldOf({ name, type, maxLength, precision, scale, isRequired }: TableFields["fields"][number]): TableField {
  const sizes = {
    ...(maxLength !== undefined && { maxLength }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
  };
  // A type of a later version counts as text.
  const fieldType: FieldType = fieldTypes.find((it) => it === type) ?? "Text";
  return { name, fieldType, ...sizes, isNullable: !isRequired };
}
