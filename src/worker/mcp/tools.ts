import { z } from "zod";
import { Sql } from "#api/parts.ts";
import { pagesMax } from "#api/result-calls.ts";
import { ParametersBody, Total } from "#api/shapes/parameters.ts";
import { TableKind } from "#api/shapes/table.ts";
import type { Platform } from "#async/platform.ts";
import { RunId } from "#protocol/ids.ts";
import type { RunView } from "#run/view.ts";
import type { OwnApi } from "./own-api.ts";
import { answerRun, runSql, type Tell } from "./run-sql.ts";
import { toldOf, type ToolAnswer } from "./tool-answer.ts";

/** What a tool works with. */
export type ToolContext = { api: OwnApi; platform: Pick<Platform, "monotonic">; tell: Tell; signal: AbortSignal };

/** One tool. The hints say what a client may do without asking its user. */
export type Tool<Input extends z.ZodObject = z.ZodObject> = {
  name: string;
  title: string;
  description: string;
  input: Input;
  hints: { readOnlyHint: boolean; destructiveHint?: boolean; idempotentHint?: boolean; openWorldHint: boolean };
  answer(context: ToolContext, input: z.output<Input>): Promise<ToolAnswer>;
};

function tool<Input extends z.ZodObject>(described: Tool<Input>): Tool<Input> {
  return described;
}

/** It asks Marketing Cloud, at most, and changes nothing. */
const reads = { readOnlyHint: true, openWorldHint: false };

const sql = Sql.describe("One SELECT in T-SQL, as Marketing Cloud runs it; WITH is allowed");
const parameters = ParametersBody.optional();
// A name such as `..` would lead to another address.
const id = RunId.describe("The id of a run");
const inRun = (runId: string) => `/v1/runs/${runId}`;

const checkSql = tool({
  name: "check_sql",
  title: "Check SQL",
  description: "Checks a query without running it: errors with their place and how to mend them, and its columns.",
  input: z.object({ sql, parameters }),
  hints: { ...reads, idempotentHint: true },
  answer: async ({ api }, body) => toldOf(await api({ method: "POST", path: "/v1/sql/check", body }), shownCheck),
});

const listTables = tool({
  name: "list_tables",
  title: "List tables",
  description:
    "Lists what a query can read from: Data Extensions, shared and synchronized ones, data views such as _Sent. Names are as written after FROM; put brackets around those with blanks.",
  input: z.object({
    q: z.string().max(200).optional().describe("A part of the name"),
    kind: TableKind.optional(),
    limit: z.int().min(1).max(200).default(50),
    cursor: z.string().max(4000).optional().describe("`cursor` of the answer before"),
  }),
  hints: { ...reads, idempotentHint: true },
  answer: async ({ api }, query) => toldOf(await api({ path: "/v1/tables", query })),
});

const describeTable = tool({
  name: "describe_table",
  title: "Describe a table",
  description: "Gives the fields of a table: names, types, lengths, keys.",
  input: z.object({
    name: z.string().max(500).regex(/[^.]/, "No table is called that").describe("As list_tables names it"),
  }),
  hints: { ...reads, idempotentHint: true },
  answer: async ({ api }, { name }) =>
    toldOf(await api({ path: `/v1/tables/${encodeURIComponent(name.toWellFormed())}/fields` })),
});

const runSqlTool = tool({
  name: "run_sql",
  title: "Run SQL",
  description:
    "Runs one SELECT and answers with its first 50 rows. A query takes 10 seconds to some minutes: after 50 seconds the answer is the run's id, for get_run. It makes a temporary table in Marketing Cloud that is deleted after a day, and never writes into an existing one.",
  input: z.object({
    sql,
    parameters,
    total: Total.optional(),
    name: z.string().max(100).optional().describe("A short name to know the run by"),
  }),
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  answer: async ({ api, ...waiting }, { name: snippetName, ...body }) => runSql(api, { ...body, snippetName }, waiting),
});

const getRun = tool({
  name: "get_run",
  title: "Get a run",
  description:
    "Waits up to 25 seconds for a run to change, and answers with it; when it is ready, with its first 50 rows.",
  input: z.object({ id }),
  hints: { ...reads, idempotentHint: true },
  answer: async ({ api }, { id: runId }) => {
    const read = await api({ path: inRun(runId), query: { wait: 25 } });
    return read.ok ? answerRun(api, await read.json<RunView>()) : toldOf(read);
  },
});

const readPage = tool({
  name: "read_page",
  title: "Read rows",
  description:
    "Reads 50 rows of a run that is ready: one page of at most 50. `find` and `sort` choose among all of them.",
  input: z.object({
    id,
    page: z.int().min(1).max(pagesMax).default(1),
    sort: z.string().min(1).max(128).optional().describe("The name of a column"),
    desc: z.boolean().default(false).describe("The largest first; nulls stay last"),
    find: z.string().max(200).optional().describe("A text that a value of the row has, in any case"),
  }),
  hints: { ...reads, idempotentHint: true },
  answer: async ({ api }, { id: runId, desc: isDesc, ...query }) =>
    toldOf(await api({ path: `${inRun(runId)}/results`, query: { ...query, desc: isDesc ? 1 : 0 } })),
});

const cancelRun = tool({
  name: "cancel_run",
  title: "Cancel a run",
  description:
    "Stops a run of one's own that is not over. Its rows are lost; Marketing Cloud may still finish the query.",
  input: z.object({ id }),
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  answer: async ({ api }, { id: runId }) =>
    toldOf(await api({ method: "POST", path: `${inRun(runId)}/cancel` }), ({ id: known, status }: RunView) => ({
      id: known,
      status,
    })),
});

/** Every tool. None writes into a table of Marketing Cloud that a run has not made. */
export const tools: readonly Tool[] = [checkSql, listTables, describeTable, runSqlTool, getRun, readPage, cancelRun];

/** Without the texts that Marketing Cloud would get, which repeat the query. */
function shownCheck({ runs: _runs, portable: _portable, ...check }: Record<string, unknown>): object {
  return check;
}
