import { rest, soap } from "./wire-case.ts";
import { performed, statusOf, write } from "./wire-messages.ts";
import type { Json, Wire } from "./wire.ts";

/** A switch of MCE 12.1: what is seen without it, and with it set. */
export type Switch = { set: Json; ask: (wire: Wire) => Promise<unknown>; off: unknown; on: unknown };

/** Three rows, whatever the seed holds. */
export const three = "SELECT 'a@b.c' AS EmailAddress UNION ALL SELECT 'b@b.c' UNION ALL SELECT 'c@b.c'";

/** Performs a query of three rows into a new data extension. */
export const run = (wire: Wire) => performed(wire, "Run", three);

/** Status of a task's row; undefined when there is none. */
export const status = async (wire: Wire, taskId: string) => (await statusOf(wire, taskId))?.["Status"];

/** Asks a rowset by key. */
export const rowset = (wire: Wire, key: string, more = "") =>
  rest(wire, "GET", `/data/v1/customobjectdata/key/${key}/rowset${more}`);

/** Creates one object; answers its result. */
export const make = async (wire: Wire, type: string, content: string) =>
  (await soap(wire, write("Create", type, content))).results[0] ?? {};

/** Rows of a SELECT run at once; undefined when it is refused. */
export const sql = async (wire: Wire, text: string) =>
  (await wire.call("POST", "/sandbox/sql", { sql: text })).json["rows"];

/** Looks after so many milliseconds of the sandbox's clock. */
export const after = async (wire: Wire, ms: number, look: () => Promise<unknown>) => {
  await wire.advance(ms);
  return look();
};
