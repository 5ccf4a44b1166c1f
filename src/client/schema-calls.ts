import { given } from "#lang/given.ts";
import type { Cancelable } from "./cancelable.ts";
import { ask, type Api } from "./request.ts";
import type { RowPage } from "./result-page.ts";
import type {
  DataView,
  Folder,
  ListOptions,
  QueryActivity,
  QueryActivityEntry,
  SqlFunction,
  Table,
  TableFields,
  TableOptions,
} from "./schema-types.ts";

/** What there is to query. `cursor` of an answer asks for the next page; the last page has none. */
export type SchemaCalls = {
  /** Lists tables by name; with `q` those that begin with it come first. */
  tables(options?: TableOptions): Promise<{ tables: readonly Table[]; cursor?: string }>;
  /** Lists the folders that tables lie in. */
  folders(options?: Cancelable): Promise<{ folders: readonly Folder[] }>;
  /** Reads the fields of a table, named as after FROM. */
  fields(table: string, options?: Cancelable & { refresh?: boolean }): Promise<TableFields>;
  /** Reads a page of a table's rows without a query. */
  preview(table: string, page?: number, options?: Cancelable): Promise<RowPage>;
  /** Lists the functions of T-SQL that Marketing Cloud knows. */
  functions(options?: Cancelable): Promise<{ functions: readonly SqlFunction[] }>;
  /** Lists Marketing Cloud's data views. */
  dataViews(options?: Cancelable): Promise<{ dataViews: readonly DataView[] }>;
  /** Lists the Query Activities of Automation Studio, without their SQL. */
  queryActivities(options?: ListOptions): Promise<{ queryActivities: readonly QueryActivityEntry[]; cursor?: string }>;
  /** Reads one Query Activity with its SQL, by its key. */
  queryActivity(key: string, options?: Cancelable): Promise<QueryActivity>;
};

/** Opens the calls about tables, functions and Query Activities. */
export function schemaCalls(api: Api): SchemaCalls {
  const get = <T>(path: string, { signal }: Cancelable = {}, query: ListQuery = {}): Promise<T> =>
    ask(api, { path, query, ...given({ signal }) });
  const refreshOf = ({ refresh }: { refresh?: boolean }) => given({ refresh: refresh ? 1 : undefined });
  return {
    tables: ({ signal, refresh, ...query } = {}) =>
      get("/v1/tables", given({ signal }), { ...query, ...refreshOf(given({ refresh })) }),
    folders: (options) => get("/v1/folders", options),
    fields: (table, options = {}) => get(`/v1/tables/${encodeURIComponent(table)}/fields`, options, refreshOf(options)),
    preview: (table, page = 1, options = {}) => get(`/v1/tables/${encodeURIComponent(table)}/rows`, options, { page }),
    functions: (options) => get("/v1/sql/functions", options),
    dataViews: (options) => get("/v1/sql/data-views", options),
    queryActivities: ({ signal, ...query } = {}) => get("/v1/query-activities", given({ signal }), query),
    queryActivity: (key, options) => get(`/v1/query-activities/${encodeURIComponent(key)}`, options),
  };
}

type ListQuery = Readonly<Record<string, string | number | undefined>>;
