import type { TableKind, TableOptions } from "#client/schema-types.ts";
import { openContext, type CommonOptions } from "../context.ts";
import { gridOf, print, type Format } from "../format/print.ts";
import { viewLines } from "../format/view-lines.ts";
import { printRows } from "../print-page.ts";
import { say, write, type Terminal } from "../terminal.ts";

type Flags = CommonOptions & { format?: Format };
type ListFlags = Flags & { limit: number; cursor?: string };

/** `sqe tables`: lists what can be queried. */
export async function tables(
  terminal: Terminal,
  q: string | undefined,
  { kind, folder, refresh, ...flags }: ListFlags & { kind?: TableKind; folder?: number; refresh?: boolean },
): Promise<void> {
  const { client } = openContext(terminal, flags);
  const wanted: TableOptions = {
    ...pageOf(q, flags),
    ...(kind !== undefined && { kind }),
    ...(folder !== undefined && { folder }),
    ...(refresh && { refresh }),
  };
  const answer = await client.tables(wanted);
  const grid = gridOf(answer.tables, {
    name: ({ name }) => name,
    kind: (table) => table.kind,
    key: ({ key }) => key,
    description: ({ description }) => description,
  });
  await print(terminal, { answer, grid }, flags.format);
  await sayMore(terminal, flags, answer.cursor);
}

/** `sqe describe`: lists the fields of a table; a person who asks for a data view is told what to know of it. */
export async function describe(terminal: Terminal, name: string, flags: Flags & { refresh?: boolean }): Promise<void> {
  const { client } = openContext(terminal, flags);
  const answer = await client.fields(name, { ...(flags.refresh && { refresh: true }) });
  const grid = gridOf(answer.fields, {
    name: (field) => field.name,
    type: ({ type, maxLength, precision, scale }) => typeText(type, [maxLength ?? precision, scale]),
    key: ({ isPrimaryKey }) => (isPrimaryKey ? "key" : undefined),
    required: ({ isRequired }) => (isRequired ? "required" : undefined),
    zone: ({ zone }) => zone,
    description: ({ description }) => description,
  });
  await print(terminal, { answer, grid }, flags.format);
  const isForPerson = (flags.format ?? (terminal.stdout.isTTY ? "table" : "ndjson")) === "table" && !flags.quiet;
  if (answer.kind !== "data-view" || !isForPerson) return;
  const { dataViews } = await client.dataViews();
  const view = dataViews.find((it) => it.name === answer.name);
  for (const line of view === undefined ? [] : viewLines(view)) await say(terminal, line);
}

/** `sqe preview`: prints a page of a table's rows, without a query. */
export async function preview(terminal: Terminal, name: string, page: number, flags: Flags): Promise<void> {
  const context = openContext(terminal, flags);
  const rows = await context.client.preview(name, page);
  await printRows(context, rows, flags, (next) => `sqe preview ${JSON.stringify(name)} ${next}`);
}

/** `sqe queries`: lists Query Activities, or prints the SQL of one. */
export async function queries(
  terminal: Terminal,
  q: string | undefined,
  { key, ...flags }: ListFlags & { key?: string },
): Promise<void> {
  const { client } = openContext(terminal, flags);
  if (key !== undefined) {
    const answer = await client.queryActivity(key);
    const isText = flags.format === undefined || flags.format === "table" || flags.format === "md";
    if (isText) return write(terminal.stdout, `${answer.sql.trimEnd()}\n`);
    return write(terminal.stdout, `${JSON.stringify(answer, null, flags.format === "json" ? 2 : 0)}\n`);
  }
  const answer = await client.queryActivities(pageOf(q, flags));
  const grid = gridOf(answer.queryActivities, {
    name: ({ name }) => name,
    key: (activity) => activity.key,
    modifiedAt: ({ modifiedAt }) => modifiedAt,
  });
  await print(terminal, { answer, grid }, flags.format);
  return sayMore(terminal, flags, answer.cursor);
}

function pageOf(q: string | undefined, { limit, cursor }: ListFlags) {
  return { limit, ...(q !== undefined && { q }), ...(cursor !== undefined && { cursor }) };
}

async function sayMore(terminal: Terminal, { quiet }: ListFlags, cursor: string | undefined): Promise<void> {
  if (cursor !== undefined && !quiet) await say(terminal, `There are more: --cursor ${JSON.stringify(cursor)}`);
}

function typeText(type: string, sizes: readonly (number | undefined)[]): string {
  const known = sizes.filter((size) => size !== undefined);
  return known.length === 0 ? type : `${type}(${known.join(", ")})`;
}
