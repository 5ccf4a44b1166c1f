import { Hono } from "hono";
import { writeCursor } from "#api/parts.ts";
import { pageSize } from "#api/result-calls.ts";
import { listFolders, listTables, readFields, readRows } from "#api/table-calls.ts";
import { given } from "#lang/given.ts";
import type { Mce } from "#mce/client.ts";
import { rowKey } from "#mce/rest/rowset.ts";
import type { AppEnv } from "../app-types.ts";
import { audit } from "../audit.ts";
import { mceProblem } from "../mce-problem.ts";
import { openMceOf, openParent } from "../open-mce.ts";
import { problem } from "../problem.ts";
import { accessibleOf, beyond, pagesOf } from "../results/paging.ts";
import { readPage } from "../results/result-page.ts";
import { typedRows } from "../results/rows.ts";
import { pageByName } from "../schema/by-name.ts";
import type { Table } from "../schema/catalogue.ts";
import { readFieldsOf, shownField } from "../schema/fields.ts";
import { findTable, readCatalogue } from "../schema/find-table.ts";
import { serve } from "../serve.ts";
import { tagged } from "../tagged.ts";

/** What a query can read from. */
export const tableRoutes = new Hono<AppEnv>();

serve(tableRoutes, listTables, async (c, { query, headers }) => {
  const { q, kind, folder, limit, cursor: after, refresh } = query;
  const mce = await openMceOf(c.var, "previews");
  if (mce instanceof Response) return mce;
  const catalogue = await readCatalogue(c.var, mce, refresh);
  if (catalogue instanceof Response) return catalogue;
  const isWanted = (table: Table) =>
    (kind === undefined || table.kind === kind) && (folder === undefined || table.folderId === folder);
  const some = kind === undefined && folder === undefined ? catalogue.tables : catalogue.tables.filter(isWanted);
  const { entries, last } = pageByName(some, { q, limit, after });
  const cursor = last && writeCursor(last);
  return tagged(c, { tables: entries, ...given({ cursor }) }, headers["If-None-Match"]);
});

serve(tableRoutes, listFolders, async (c, { query: { refresh }, headers }) => {
  const mce = await openMceOf(c.var, "previews");
  if (mce instanceof Response) return mce;
  const catalogue = await readCatalogue(c.var, mce, refresh);
  if (catalogue instanceof Response) return catalogue;
  return tagged(c, { folders: catalogue.folders }, headers["If-None-Match"]);
});

serve(tableRoutes, readFields, async (c, { params, query: { refresh }, headers }) => {
  const mce = await openMceOf(c.var, "previews");
  if (mce instanceof Response) return mce;
  const found = await findTable(c.var, mce, params.name);
  if (found instanceof Response) return found;
  if (refresh) c.var.clients.metadata.forget(c.var.user);
  const read = await readFieldsOf(c.var, mce, found);
  if (!read.ok) return mceProblem(read.error, "read the fields of this table");
  const { name, key, kind } = found.table;
  const body = { name, ...given({ key }), kind, fields: read.value.map(shownField) };
  return tagged(c, body, headers["If-None-Match"]);
});

serve(tableRoutes, readRows, async (c, { params, query: { page } }) => {
  const mce = await openMceOf(c.var, "previews");
  if (mce instanceof Response) return mce;
  const found = await findTable(c.var, mce, params.name);
  if (found instanceof Response) return found;
  const { table } = found;
  const { key: customerKey, kind } = table;
  if (customerKey === undefined || kind === "synchronized" || kind === "data-view")
    return notReadable(table, "Marketing Cloud shows the rows of this table to queries alone");
  const isParents = kind === "shared" && mce.mid !== mce.eid;
  const reader = isParents ? await openParent(c.var.clients, c.var.user, "previews", c.var.trace.log) : mce;
  if (reader === undefined)
    return notReadable(table, "The connection may not sign in to the parent business unit, which owns this table");
  const fields = await readFieldsOf(c.var, mce, found);
  if (!fields.ok) return mceProblem(fields.error, "read the fields of this table");
  const answer = await rowsOf(reader, { table, customerKey, columns: fields.value.map(columnOf) }, page);
  if (answer.ok) audit(c.var, c.var.user, "preview", { table: table.name });
  return answer;
});

type Readable = { table: Table; customerKey: string; columns: Parameters<typeof typedRows>[0] };

async function rowsOf(mce: Mce, { table, customerKey, columns }: Readable, page: number): Promise<Response> {
  const read = await readPage(mce, { customerKey, orderBy: rowKey }, { page, pageSize });
  if (!read.ok) {
    if (read.error.kind === "forbidden") return notReadable(table, "Marketing Cloud does not show these rows");
    return mceProblem(read.error, "read these rows");
  }
  if (read.value === undefined) return notReadable(table, "Marketing Cloud does not show the rows of this table");
  const { items, count } = read.value;
  if (page > pagesOf(count)) return beyond(page, count);
  const accessibleRows = accessibleOf(count);
  return Response.json({
    columns,
    rows: typedRows(columns, items),
    page,
    pageSize,
    pages: pagesOf(count),
    totalRows: count,
    accessibleRows,
    truncated: accessibleRows < count,
  });
}

function columnOf(field: Parameters<typeof shownField>[0]) {
  const { isPrimaryKey: _key, isRequired: _required, ...column } = shownField(field);
  return column;
}

function notReadable({ name }: Table, why: string): Response {
  const written = /^(?:Ent\.)?\w+$/i.test(name) ? name : name.replace(/^(Ent\.)?(.*)$/s, "$1[$2]");
  return problem("NOT_READABLE", `${why}; run SELECT TOP 50 * FROM ${written}`);
}
