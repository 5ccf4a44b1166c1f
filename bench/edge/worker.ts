/** The Worker of `npm run bench:sql-edge`: it receives queries and answers how long each takes. */
import { check } from "#sql/check.ts";
import { guard } from "#sql/guard.ts";
import { fieldsIn, type CorpusQuery } from "../../tests/sql/support/fields-in.ts";

/** Milliseconds a query takes, by operation. */
export type Times = { guard: number; check: number };

/** workerd's clock counts whole milliseconds, so short work is repeated until enough of them have passed. */
const enoughMs = 6;
/** How many times each is measured; the best one counts. */
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
  // The bench sends them.
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
