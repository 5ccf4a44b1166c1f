/** How Marketing Cloud behaves for twenty runs of each flow, and how they must end. */
export type Weather = {
  name: string;
  behaviours: Readonly<Record<string, unknown>>;
  /** Expired tokens come again and again, as if the sign-in had got old. */
  tokensEnd?: true;
  expect: "ready" | "QUERY_FAILED";
};

const failure = "Query failed during execution. Error: Divide by zero error encountered.";

const good = (name: string, behaviours: Weather["behaviours"]): Weather => ({ name, behaviours, expect: "ready" });

/** The sandbox's three profiles, then each switch of FACTS 12.1 that a run can meet, alone. */
export const weathers: readonly Weather[] = [
  good("friendly", {}),
  good("realistic", { profile: "realistic" }),
  good("hostile", { profile: "hostile" }),
  good("status row late", { statusMissingPolls: 3 }),
  good("status row never", { statusMissingPolls: 1_000_000 }),
  good("status stuck", { statusStuck: true }),
  good("isrunning late", { isRunningLateMs: 5000 }),
  good("rowset late, 404", { rowsetLateMs: 6000 }),
  good("rowset late, 400", { rowsetLateMs: 6000, rowsetLateStatus: 400 }),
  good("rows before the end", { rowsVisibleEarly: true }),
  { name: "query fails", behaviours: { errorMsg: failure, errorTimes: 1_000_000 }, expect: "QUERY_FAILED" },
  { name: "query killed", behaviours: { killAfterMs: 700, durationMs: 60_000 }, expect: "QUERY_FAILED" },
  good("delete stops the query", { deleteStopsQuery: true }),
  good("second start refused", { secondStart: "refuse" }),
  good("one run at once", { parallelRuns: 1 }),
  { ...good("tokens end early", { tokenLifeMs: 4000 }), tokensEnd: true },
  { ...good("token fault in a 200", { soapFaultStatus: 200 }), tokensEnd: true },
  good("tokens slow", { tokenDelayMs: 1500, tokenLifeMs: 6000 }),
  good("strict parser", { strictParser: true }),
  good("small batches", { batchSize: 1 }),
  good("localized folders", { localizedRoots: true }),
  good("no retention", { retentionRefused: true }),
  good("query names may repeat", { duplicateQueryName: "allow" }),
  good("validate down", { validateDown: true }),
  good("rowset tokens short", { rowsetTokenLifeMs: 500 }),
  good("no $filter", { rowsetFilter: false }),
  good("no $orderBy", { rowsetOrderBy: "refuse" }),
  good("no row keys", { keylessKeys: "missing" }),
  good("isrunning 404 for keys", { isRunningKeyStatus: 404 }),
];
