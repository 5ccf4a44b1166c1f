import { z } from "zod";
import type { TextRules } from "./engine/rules/text-rules.ts";

/**
 * The switches of MCE 12.1: how Marketing Cloud behaves. A run keeps the values that held at its Perform; the others take
 * effect at once. README.md has the table.
 */
export type Behaviours = z.infer<typeof behaviours>;

const milliseconds = z.number().min(0).max(86_400_000);
const count = z.number().int().min(0).max(1_000_000);

const switches = {
  /** How long a query runs; null: 1 to 3 seconds, drawn for each run. */
  durationMs: milliseconds.nullable(),
  /** How much of that time it stays `Queued`. */
  queuedMs: milliseconds,
  /** The status row is missing for the first n polls of a task. */
  statusMissingPolls: count,
  /** The status row stays `Queued` forever and shows a CompletedDate two seconds before the start. */
  statusStuck: z.boolean(),
  /** The status list takes several TaskIDs at once; otherwise it reads only the first. */
  statusTakesIn: z.boolean(),
  /** CustomerKey of a status row is empty: its value for a query was never recorded (MCE 6). */
  statusWithoutKeys: z.boolean(),
  /** How long isrunning answers false after Perform. */
  isRunningLateMs: milliseconds,
  /** How long after its first run a new data extension's rowset answers an error. */
  rowsetLateMs: milliseconds,
  rowsetLateStatus: z.union([z.literal(400), z.literal(404)]),
  /** Every rowset always answers this error, as on one account (MCE 7.1); null: none does. */
  rowsetDown: z.union([400, 403, 404, 500, 503].map((status) => z.literal(status))).nullable(),
  /** Rows can be read while the query still executes. */
  rowsVisibleEarly: z.boolean(),
  /** The next `errorTimes` runs end with this ErrorMsg and apply nothing; null: none do. */
  errorMsg: z.string().min(1).max(4000).nullable(),
  errorTimes: count,
  /** Only runs whose customer key, target key or SQL holds this text get the `errorMsg`; null: all runs. */
  errorMatch: z.string().min(1).max(4000).nullable(),
  /** What a failed run leaves in its target; MCE 8.1 and 13 report all three. */
  failedRun: z.enum(["cleared", "rolled-back", "partial"]),
  /** An Overwrite or Append that reads its own target: refused at save, or run; the Overwrite's target is empty by then. */
  overwriteOwnTarget: z.enum(["refuse", "empty"]),
  /** WITH is accepted. */
  cteAccepted: z.boolean(),
  /** Whether a text may begin with a parenthesis: no source says whether SELECT then counts as its first word. */
  leadingParenthesis: z.enum(["accept", "refuse"]),
  /** Whether Create QueryDefinition over SOAP gives the reason for refusing SQL, or only an exception (MCE 5.1). */
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
  /** How long the name of a deleted data extension is refused. */
  nameBlockedMs: milliseconds,
  tokenLifeMs: milliseconds,
  /** How late every answer of the token endpoint is. */
  tokenDelayMs: milliseconds,
  /** Every token request is answered invalid_client, as for a package that was removed. */
  invalidClient: z.boolean(),
  /** Tokens are always for this business unit; null: for the requested one. */
  tokenMid: z.number().int().nullable(),
  userInfoShape: z.enum(["nested", "flat"]),
  /** The HTTP status of faults about bad tokens. */
  soapFaultStatus: z.union([z.literal(500), z.literal(200)]),
  /** SOAP refuses requests that lack Options or break the WSDL's order. */
  strictParser: z.boolean(),
  /** Retrieve without the scope: an error in OverallStatus, or no rows (MCE 2.3). */
  noPermission: z.enum(["error", "empty"]),
  /** The code for deleting a data extension that is not there (MCE 4.6). */
  absentDeleteCode: z.union([z.literal(310_002), z.literal(310_007)]),
  /** A status row leaves out `Value` where there is none; otherwise it is empty (MCE 6). */
  statusValueLeftOut: z.boolean(),
  batchSize: z.number().int().min(1).max(2500),
  /** ContinueRequest is always answered as unknown. */
  staleContinue: z.boolean(),
  localizedRoots: z.boolean(),
  /** Data extensions and queries whose names are not all ASCII are refused. */
  asciiNamesOnly: z.boolean(),
  /** Data extensions with a retention period are refused for lack of a permission. */
  retentionRefused: z.boolean(),
  /** DeleteAtEndOfRetentionPeriod true deletes the data extension, as its name says; the real one does not (MCE 4.3). */
  deleteAtEndDeletes: z.boolean(),
  duplicateQueryName: z.enum(["refuse", "allow"]),
  /** isrunning with a customer key instead of the ObjectID. */
  isRunningKeyStatus: z.union([z.literal(400), z.literal(404)]),
  /** REST validate answers 500. */
  validateDown: z.boolean(),
  /** REST validate lets ORDER BY without TOP pass; saving still refuses it (MCE 13). */
  validateOrderBy: z.boolean(),
  /** Queries that number their rows (ROW_NUMBER) are refused when they are saved; validate takes them. */
  numberingRefused: z.boolean(),
  /** How many automation calls a business unit may make in 10 seconds; further ones are answered 500 (MCE 2.6). 0: no limit. */
  automationCalls: count,
  /** Which answers are gzipped for a client that accepts it: those of the token endpoint, as recorded, or all. */
  gzip: z.enum(["token", "all"]),
  /** REST rowset applies `$filter`; otherwise it ignores it (MCE 13). */
  rowsetFilter: z.boolean(),
  /** What REST rowset does with `$orderBy` (MCE 7.1). */
  rowsetOrderBy: z.enum(["honour", "ignore", "refuse"]),
  /** What `keys` of a data extension without primary key holds (MCE 7.1). */
  keylessKeys: z.enum(["_customobjectkey", "empty", "missing"]),
  /** Whether `_CustomObjectKey` can be asked for as a property of DataExtensionObject. */
  soapRowKey: z.enum(["answer", "refuse"]),
  rowsetTokenLifeMs: milliseconds,
  /** How long after its first use a refresh token may be used again. */
  refreshGraceMs: milliseconds,
  /** Every refresh token is refused, as after a person's consent was withdrawn. */
  refreshRefused: z.boolean(),
  /** The email of somebody who is signed in to Marketing Cloud: the consent page is skipped (MCE 1.5); null: nobody is. */
  signedInUser: z.string().nullable(),
  /** The callback's code wraps the real one, as in MCE's frame (MCE 1.5). */
  wrappedCode: z.boolean(),
  /** How late userinfo answers. */
  userInfoDelayMs: milliseconds,
} as const;

export const behaviours = z.strictObject(switches);

/** The switches the engine's checker needs. */
export function textRulesOf({ cteAccepted, leadingParenthesis }: Behaviours): TextRules {
  return { cte: cteAccepted, leadingParenthesis: leadingParenthesis === "accept" };
}

/** The names that `POST /sandbox/behaviours` knows, without `profile`. */
export const switchNames: readonly string[] = Object.keys(switches);
