/** How Marketing Cloud behaves for twenty runs of each flow, and how they must end. */
export type Weather = {
  name: string;
  behaviours: Readonly<Record<string, unknown>>;
  /** Tokens expire at the start and repeatedly after it. */
  tokensEnd?: true;
  /** Faults of single calls, as the sandbox's control API takes them (DESIGN 8). */
  faults?: readonly Readonly<Record<string, unknown>>[];
  /** How every run must end; by flow, where the flows differ. */
  expect: End | Record<FlowName, End>;
};

export type FlowName = "run-to-temp" | "run-to-target";
type End = "ready" | "QUERY_FAILED" | "OUTCOME_UNKNOWN" | "REAUTH_REQUIRED";

const failure = "Query failed during execution. Error: Divide by zero error encountered.";

/** The business unit of each flow: a fault without one would hit only the first caller. */
const mids = [7_000_001, 8_000_001];
const throttledCalls = ["REST isrunning", "REST rowset", "SOAP Create QueryDefinition", "SOAP Perform"].flatMap(
  (call) => mids.map((mid) => ({ call, mid, nth: 3, times: 4, status: 429, headers: { "Retry-After": "1" } })),
);

/** Once for each business unit. */
const inEach = (fault: Readonly<Record<string, unknown>>) => mids.map((mid) => ({ mid, ...fault }));
const creates = ["SOAP Create DataExtension", "SOAP Create QueryDefinition"];

const good = (name: string, behaviours: Weather["behaviours"]): Weather => ({ name, behaviours, expect: "ready" });

/** The sandbox's three profiles, then each switch of MCE 12.1 that a run can meet, alone. */
export const weathers: readonly Weather[] = [
  good("friendly", {}),
  good("realistic", { profile: "realistic" }),
  good("hostile", { profile: "hostile" }),
  good("status row late", { statusMissingPolls: 3 }),
  good("status row never", { statusMissingPolls: 1_000_000, durationMs: 5000 }),
  {
    name: "status row never (instant query)",
    behaviours: { statusMissingPolls: 1_000_000, durationMs: 0, queuedMs: 0 },
    // Rows in its own table show that it ran. For a target nothing shows it, so the outcome must stay unknown.
    expect: { "run-to-temp": "ready", "run-to-target": "OUTCOME_UNKNOWN" },
  },
  good("status stuck", { statusStuck: true }),
  good("isrunning late", { isRunningLateMs: 5000 }),
  good("rowset late, 404", { rowsetLateMs: 6000 }),
  good("rowset late, 400", { rowsetLateMs: 6000, rowsetLateStatus: 400 }),
  good("rows before the end", { rowsVisibleEarly: true }),
  { name: "query fails", behaviours: { errorMsg: failure, errorTimes: 1_000_000 }, expect: "QUERY_FAILED" },
  {
    name: "query fails half-way",
    behaviours: { errorMsg: failure, errorTimes: 1_000_000, failedRun: "partial" },
    // Rows in its own table prove that it ran, not that it succeeded.
    expect: "QUERY_FAILED",
  },
  { name: "query killed", behaviours: { killAfterMs: 700, durationMs: 60_000 }, expect: "QUERY_FAILED" },
  good("delete stops the query", { deleteStopsQuery: true }),
  good("second start refused", { secondStart: "refuse" }),
  good("one run at once", { parallelRuns: 1 }),
  { ...good("tokens end early", { tokenLifeMs: 4000 }), tokensEnd: true },
  { name: "sign-in refused", behaviours: { invalidClient: true }, tokensEnd: true, expect: "REAUTH_REQUIRED" },
  { ...good("calls throttled", {}), faults: throttledCalls },
  { ...good("token fault in a 200", { soapFaultStatus: 200 }), tokensEnd: true },
  good("tokens slow", { tokenDelayMs: 1500, tokenLifeMs: 6000 }),
  good("strict parser", { strictParser: true }),
  good("small batches", { batchSize: 1 }),
  good("localized folders", { localizedRoots: true }),
  good("no retention", { retentionRefused: true }),
  good("numbered rows refused", { numberingRefused: true }),
  good("query names may repeat", { duplicateQueryName: "allow" }),
  good("validate down", { validateDown: true }),
  good("rowset tokens short", { rowsetTokenLifeMs: 500 }),
  good("no $filter", { rowsetFilter: false }),
  good("no $orderBy", { rowsetOrderBy: "refuse" }),
  good("$orderBy ignored", { rowsetOrderBy: "ignore" }),
  good("no row keys", { keylessKeys: "missing" }),
  good("row keys empty", { keylessKeys: "empty" }),
  good("isrunning 404 for keys", { isRunningKeyStatus: 404 }),
  good("rowset down with 404", { rowsetDown: 404 }),
  good("rowset down with 500", { rowsetDown: 500 }),
  good("status list takes one", { statusTakesIn: false }),
  good("status rows without keys", { statusWithoutKeys: true }),
  good("ASCII names only", { asciiNamesOnly: true }),
  {
    ...good("creates cut off", {}),
    faults: creates.flatMap((call) => [
      ...inEach({ call, times: 6, drop: "before" }),
      ...inEach({ call, nth: 4, times: 6, drop: "after" }),
    ]),
  },
  {
    ...good("creates answer HTML", {}),
    faults: creates.flatMap((call) => inEach({ call, times: 6, status: 200, body: "<html>Sorry</html>" })),
  },
  {
    ...good("calls answer 503", {}),
    // Not Perform: its outcome would be unknown.
    faults: ["REST *", "SOAP Create*", "SOAP Retrieve*"].flatMap((call) =>
      inEach({ call, nth: 10, times: 8, status: 503 }),
    ),
  },
  {
    ...good("Perform's answer lost", { durationMs: 8000 }),
    faults: inEach({ call: "SOAP Perform", times: 1000, drop: "after" }),
  },
];
