import { z } from "zod";
import { call } from "./call.ts";
import { contentTag, forbiddenConnection, ifNoneMatch, NameCursor, refresh, unchanged } from "./parts.ts";
import { ResultPageShape } from "./shapes/result-page.ts";
import { FolderShape, TableFieldsShape, TableKind, TableShape } from "./shapes/table.ts";

const ofMce = { FORBIDDEN: forbiddenConnection, MCE_ERROR: true, MCE_BUSY: true } as const;

/** `GET /v1/tables`. */
export const listTables = call({
  method: "get",
  path: "/v1/tables",
  tag: "Schema",
  summary: "List what a query can read: Data Extensions, shared and synchronized ones, data views",
  description: "By name; with `q` those that begin with it come first. Kept for 5 minutes per business unit.",
  access: "tables:read",
  query: z.object({
    q: z.string().max(200).optional().meta({ description: "A part of the name, in any case" }),
    kind: TableKind.optional(),
    folder: z.coerce.number().int().optional().meta({ description: "The id of a folder: what lies in it itself" }),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
    cursor: NameCursor.optional().meta({ description: "`cursor` of the page before" }),
    refresh,
  }),
  headers: ifNoneMatch,
  answers: {
    200: {
      description: "A page; the last one has no `cursor`",
      body: z.object({ tables: z.array(TableShape), cursor: z.string().optional() }),
      headers: contentTag,
    },
    304: unchanged,
  },
  problems: { ...ofMce, INVALID_BODY: true },
});

/** `GET /v1/folders`. */
export const listFolders = call({
  method: "get",
  path: "/v1/folders",
  tag: "Schema",
  summary: "List the folders that tables lie in",
  access: "tables:read",
  query: z.object({ refresh }),
  headers: ifNoneMatch,
  answers: {
    200: { description: "All of them", body: z.object({ folders: z.array(FolderShape) }), headers: contentTag },
    304: unchanged,
  },
  problems: { ...ofMce, INVALID_BODY: true },
});

const tableInPath = z.object({
  name: z
    .string()
    .meta({ description: "As in FROM, with or without brackets: `Customers`, `Ent.Suppression`, `_Sent`" }),
});

/** `GET /v1/tables/{name}/fields`. */
export const readFields = call({
  method: "get",
  path: "/v1/tables/{name}/fields",
  tag: "Schema",
  summary: "Read the fields of a table",
  access: "tables:read",
  params: tableInPath,
  query: z.object({ refresh }),
  headers: ifNoneMatch,
  answers: { 200: { description: "In their order", body: TableFieldsShape, headers: contentTag }, 304: unchanged },
  problems: { ...ofMce, TABLE_NOT_FOUND: "`near` has names like it", INVALID_BODY: true },
});

const { columns, rows, page, pageSize, pages, totalRows, accessibleRows, truncated } = ResultPageShape.shape;
const range = "`page` is a whole number, 1 to 50: at most 2500 rows can be read";

/** `GET /v1/tables/{name}/rows`. */
export const readRows = call({
  method: "get",
  path: "/v1/tables/{name}/rows",
  tag: "Schema",
  summary: "Read rows of a Data Extension without a query: 50 a page, in Marketing Cloud's own order",
  access: "tables:read",
  params: tableInPath,
  query: z.object({ page: z.coerce.number(range).int(range).min(1, range).max(50, range).default(1) }),
  mistakes: { page: { code: "PAGE_OUT_OF_RANGE", detail: range } },
  answers: {
    200: {
      description: "The page; it is not kept",
      body: z
        .object({ columns, rows, page, pageSize, pages, totalRows, accessibleRows, truncated })
        .meta({ id: "TablePage" }),
    },
  },
  problems: {
    ...ofMce,
    TABLE_NOT_FOUND: "`near` has names like it",
    NOT_READABLE: "a data view, a synchronized Data Extension, or rows that Marketing Cloud does not show: run a query",
    PAGE_OUT_OF_RANGE: true,
  },
});
