import { z } from "zod";
import type { TextRules } from "./engine/rules/text-rules.ts";

/**
 * How Marketing Cloud behaves today: the switches of MCE 12.1. What concerns one run is taken over by the run when it is
 * performed; the rest works at once. README.md has the table.
 */
export type Behaviours = z.infer<typeof behaviours>;

const milliseconds = z.number().min(0).max(86_400_000);
const count = z.number().int().min(0).max(1_000_000);

const switches = {
  /** How long a query runs; null: 1 to 3 seconds, another one each time. */
  durationMs: milliseconds.nullable(),
  /** How much of that it stays `Queued`. */
  queuedMs: milliseconds,
  /** The status row is missing for the first n polls of a task. */
  statusMissingPolls: count,
  /** The status row stays `Queued` for ever and shows a CompletedDate two seconds before the start. */
  statusStuck: z.boolean(),
  /** The status list takes several TaskIDs at once; otherwise it hears the first alone. */
  statusTakesIn: z.boolean(),
  /** CustomerKey of a status row is empty: nobody has shown what it holds for a query (MCE 6). */
  statusWithoutKeys: z.boolean(),
  /** isrunning says false for so long after Perform. */
  isRunningLateMs: milliseconds,
  /** A new data extension's rowset answers an error until so long after its first run ended. */
  rowsetLateMs: milliseconds,
  rowsetLateStatus: z.union([z.literal(400), z.literal(404)]),
  /** Every rowset answers this error, for ever, as on one account (MCE 7.1); null: none does. */
  rowsetDown: z.union([400, 403, 404, 500, 503].map((status) => z.literal(status))).nullable(),
  /** Rows can be read while the query still executes. */
  rowsVisibleEarly: z.boolean(),
  /** The next `errorTimes` runs end with this ErrorMsg and apply nothing; null: none do. */
  errorMsg: z.string().min(1).max(4000).nullable(),
  errorTimes: count,
  /** Only runs whose customer key, target key or SQL holds this text get the `errorMsg`; null: any. */
  errorMatch: z.string().min(1).max(4000).nullable(),
  /** What a run that fails leaves in its target: MCE 8.1 and 13 know all three. */
  failedRun: z.enum(["cleared", "rolled-back", "partial"]),
  /** An Overwrite or Append that reads its own target: refused at save, or run; the Overwrite's target is empty by then. */
  overwriteOwnTarget: z.enum(["refuse", "empty"]),
  /** WITH is accepted. */
  cteAccepted: z.boolean(),
  /** A text that begins with a parenthesis; whether SELECT is then its first word, no source says. */
  leadingParenthesis: z.enum(["accept", "refuse"]),
  /** A Create QueryDefinition over SOAP says why it refuses the SQL, or only that an exception occurred (MCE 5.1). */
  soapSqlRefusal: z.enum(["reason", "generic"]),
  /** A sendable data extension as the target of a query: some accounts refuse it (MCE 5.1). */
  sendableTarget: z.enum(["accept", "refuse"]),
  /** Deleting a query definition ends its runs. */
  deleteStopsQuery: z.boolean(),
  /** What a second Perform of a definition that still runs does. */
  secondStart: z.enum(["queue", "refuse"]),
  /** Runs of one business unit that execute at once; more wait as Queued. 0: no limit. */
  parallelRuns: count,
  /** Queries are killed after this. */
  killAfterMs: milliseconds,
  /** The name of a deleted data extension is refused for so long. */
  nameBlockedMs: milliseconds,
  tokenLifeMs: milliseconds,
  /** Every answer of the token endpoint is late by so much. */
  tokenDelayMs: milliseconds,
  /** Every token request is answered invalid_client, as for a package that was removed. */
  invalidClient: z.boolean(),
  /** Tokens are of this business unit, whatever was asked for; null: of the one asked for. */
  tokenMid: z.number().int().nullable(),
  userInfoShape: z.enum(["nested", "flat"]),
  /** Faults of bad tokens come with this HTTP status. */
  soapFaultStatus: z.union([z.literal(500), z.literal(200)]),
  /** SOAP refuses what the WSDL's order or a missing Options forbids. */
  strictParser: z.boolean(),
  /** Retrieve without the scope: an error in OverallStatus, or no rows (MCE 2.3). */
  noPermission: z.enum(["error", "empty"]),
  /** The code for deleting a data extension that is not there (MCE 4.6). */
  absentDeleteCode: z.union([z.literal(310_002), z.literal(310_007)]),
  /** A status row leaves the `Value` of a pair without value out; otherwise it is empty (MCE 6). */
  statusValueLeftOut: z.boolean(),
  batchSize: z.number().int().min(1).max(2500),
  /** ContinueRequest is always answered as unknown. */
  staleContinue: z.boolean(),
  localizedRoots: z.boolean(),
  /** Data extensions and queries whose names have other letters than ASCII's are refused. */
  asciiNamesOnly: z.boolean(),
  /** Data extensions with a retention period are refused for lack of a permission. */
  retentionRefused: z.boolean(),
  /** DeleteAtEndOfRetentionPeriod true deletes the data extension: the way it reads, not the way it works (MCE 4.3). */
  deleteAtEndDeletes: z.boolean(),
  duplicateQueryName: z.enum(["refuse", "allow"]),
  /** isrunning with a customer key instead of the ObjectID. */
  isRunningKeyStatus: z.union([z.literal(400), z.literal(404)]),
  /** REST validate answers 500. */
  validateDown: z.boolean(),
  /** REST validate lets ORDER BY without TOP pass; saving still refuses it (MCE 13). */
  validateOrderBy: z.boolean(),
  /** Automation calls of a business unit in ten seconds; more are answered 500 (MCE 2.6). 0: no limit. */
  automationCalls: count,
  /** Which answers come gzipped to who asks for it: those of the token endpoint, as recorded, or all. */
  gzip: z.enum(["token", "all"]),
  /** REST rowset honours `$filter`; otherwise it ignores it (MCE 13). */
  rowsetFilter: z.boolean(),
  /** What REST rowset does with `$orderBy` (MCE 7.1). */
  rowsetOrderBy: z.enum(["honour", "ignore", "refuse"]),
  /** What `keys` of a data extension without primary key holds (MCE 7.1). */
  keylessKeys: z.enum(["_customobjectkey", "empty", "missing"]),
  /** Whether `_CustomObjectKey` can be asked for as a property of DataExtensionObject. */
  soapRowKey: z.enum(["answer", "refuse"]),
  rowsetTokenLifeMs: milliseconds,
  /** A refresh token may be used again for so long after its first use. */
  refreshGraceMs: milliseconds,
} as const;

export const behaviours = z.strictObject(switches);

/** The switches the engine's checker needs. */
export function textRulesOf({ cteAccepted, leadingParenthesis }: Behaviours): TextRules {
  return { cte: cteAccepted, leadingParenthesis: leadingParenthesis === "accept" };
}

/** The names `POST /sandbox/behaviours` knows, `profile` apart. */
export const switchNames: readonly string[] = Object.keys(switches);
