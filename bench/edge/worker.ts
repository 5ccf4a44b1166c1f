/** What `npm run bench:sql-edge` runs inside workerd: it is sent queries and answers how long each takes. */
import { check } from "#sql/check.ts";
import { guard } from "#sql/guard.ts";
import { fieldsIn, type CorpusQuery } from "../../tests/sql/support/fields-in.ts";

/** Milliseconds a query takes, by what is done with it. */
export type Times = { guard: number; check: number };

/** The clock of workerd moves in whole milliseconds, so short work is repeated until enough of them have passed. */
const enoughMs = 6;
/** The best of these counts: the rest are the machine's hiccups. */
const rounds = 4;

function once(run: () => unknown): number {
  for (let times = 1; ; times *= 2) {
    const start = performance.now();
    for (let done = 0; done < times; done += 1) run();
    const ms = performance.now() - start;
    if (ms >= enoughMs) return ms / times;
  }
}

function timed(run: () => unknown): number {
  return Math.min(...Array.from({ length: rounds }, () => once(run)));
}

async function timesOf(request: Request): Promise<Times[]> {
  // The bench itself sends them.
  const queries = (await request.json()) as CorpusQuery[];
  return queries.map((query) => ({
    guard: timed(() => guard(query.sql)),
    check: timed(() => check(query.sql, fieldsIn(query))),
  }));
}

/** How long the first check of this isolate takes, which makes the parser's instance, and the second one. */
function firstChecks(): { first: number; second: number } {
  const checked = (): number => {
    const start = performance.now();
    check("SELECT a FROM t", () => undefined);
    return performance.now() - start;
  };
  return { first: checked(), second: checked() };
}

export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(request.method === "GET" ? firstChecks() : await timesOf(request));
  },
};
