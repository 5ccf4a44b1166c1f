import type { DataView, Field, Folder, SqlFunction, Table, TableFields } from "#client/schema-types.ts";
import { SqeError } from "#client/sqe-error.ts";
import { openStore, useStore, type Store } from "../state/store.ts";
import { engine } from "./engine.ts";

/** What there is to query, as far as the page has asked for it. */
export type Catalogue = {
  tables: readonly Table[];
  folders: readonly Folder[];
  /** Both lists are complete. */
  isListed: boolean;
  /** Why the lists are not. */
  refusal?: string | undefined;
  /** By lower-cased name, as after FROM. */
  fields: ReadonlyMap<string, FieldsEntry>;
  functions: ReadonlyMap<string, SqlFunction>;
  views: ReadonlyMap<string, DataView>;
};

/** The fields of a table: `undefined` while they are being read. */
type FieldsEntry = { readAt: number; known?: TableFields; refusal?: string };

const empty: Catalogue = {
  tables: [],
  folders: [],
  isListed: false,
  fields: new Map(),
  functions: new Map(),
  views: new Map(),
};

/** What is known of tables, fields and functions. */
export const catalogue: Store<Catalogue> = openStore(empty);

/** Reads a part of the catalogue. */
export function useCatalogue<Part>(select: (now: Catalogue) => Part): Part {
  return useStore(catalogue, select);
}

/** The most that one page of the list holds. */
const pageSize = 1000;
/** As long as the engine remembers fields for somebody who types. */
const freshMs = 5 * 60_000;

/** Reads the lists of tables and folders. @param refresh asks Marketing Cloud again */
export async function loadTables(refresh = false): Promise<void> {
  const client = engine();
  try {
    // Once: the pages and the folders below then come from what the engine remembers of this.
    if (refresh) await client.tables({ limit: 1, refresh });
    const { folders } = await client.folders();
    const tables: Table[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.tables({ limit: pageSize, ...(cursor !== undefined && { cursor }) });
      tables.push(...page.tables);
      ({ cursor } = page);
      const shown = [...tables];
      catalogue.set((now) => ({ ...now, tables: shown, folders }));
    } while (cursor !== undefined);
    catalogue.set((now) => ({ ...now, isListed: true, refusal: undefined, fields: refresh ? new Map() : now.fields }));
  } catch (error) {
    const detail = detailOf(error);
    catalogue.set((now) => ({ ...now, refusal: detail }));
  }
}

/** Reads what T-SQL and Marketing Cloud bring along. */
export async function loadLanguage(): Promise<void> {
  try {
    const [{ functions }, { dataViews }] = await Promise.all([engine().functions(), engine().dataViews()]);
    catalogue.set((now) => ({
      ...now,
      functions: new Map(functions.map((entry) => [entry.name, entry])),
      views: new Map(dataViews.map((view) => [view.name.toLowerCase(), view])),
    }));
  } catch (error) {
    // Completion and hover then say less; typing and running go on.
    detailOf(error);
  }
}

/** Sees to it that the fields of a table are known, and are not old. Calls at the same time ask once. */
export function needFields(name: string): void {
  const key = name.toLowerCase();
  const { fields, tables } = catalogue.get();
  const entry = fields.get(key);
  if (entry !== undefined && Date.now() - entry.readAt < freshMs) return;
  if (!tables.some((table) => table.name.toLowerCase() === key)) return;
  // What is known stays until the answer is there.
  put(key, { ...entry, readAt: Date.now() });
  engine()
    .fields(name)
    .then(
      (known) => put(key, { readAt: Date.now(), known }),
      (error: unknown) => put(key, { readAt: Date.now(), refusal: detailOf(error) }),
    );
}

/** Waits until the fields of tables are known, or cannot be; not longer than somebody waits for a list. */
export async function fieldsSoon(names: readonly string[], maxMs: number): Promise<void> {
  for (const name of names) needFields(name);
  const isPending = (name: string) => {
    const entry = catalogue.get().fields.get(name.toLowerCase());
    return entry !== undefined && entry.known === undefined && entry.refusal === undefined;
  };
  if (!names.some(isPending)) return;
  await new Promise<void>((done) => {
    const stop = catalogue.subscribe(() => !names.some(isPending) && end());
    const timer = setTimeout(end, maxMs);
    function end(): void {
      clearTimeout(timer);
      stop();
      done();
    }
  });
}

function put(key: string, entry: FieldsEntry): void {
  catalogue.set((now) => ({ ...now, fields: new Map(now.fields).set(key, entry) }));
}

/** The fields of a table, if they are known. */
export function fieldsKnown(name: string): readonly Field[] | undefined {
  const { fields, views } = catalogue.get();
  const key = name.toLowerCase();
  return fields.get(key)?.known?.fields ?? views.get(key)?.fields;
}

function detailOf(error: unknown): string {
  if (error instanceof SqeError) return error.detail;
  throw error;
}
