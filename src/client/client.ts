import { openPlatform, type Platform } from "#async/platform.ts";
import { given } from "#lang/given.ts";
import { accountCalls, type AccountCalls } from "./account-calls.ts";
import { administratorCalls, type AdministratorCalls } from "./administrator-calls.ts";
import type { CheckAnswer, CheckOptions } from "./check-types.ts";
import type { Cancelable } from "./cancelable.ts";
import { handoffCalls, type HandoffCalls } from "./handoff-calls.ts";
import { ask, type Api, type Token } from "./request.ts";
import { readState } from "./poll.ts";
import { runOf, type Run } from "./run.ts";
import type { Parameter, RunState, RunWithPage, Target } from "./run-state.ts";
import { schemaCalls, type SchemaCalls } from "./schema-calls.ts";
import type { SqeError } from "./sqe-error.ts";

/** Where the engine is, and who asks. */
export type ClientOptions = {
  /** Such as `https://sqe.example.com`; absent: the page's own origin. */
  url?: string;
  /** A bearer token, or what gives one for each request; absent: the browser's cookies. */
  token?: Token;
  /** How long a call is repeated that is refused as busy (429, 503). 2 minutes. */
  patienceMs?: number;
  /** Is told of each refusal that is waited for, before the wait. */
  onRetry?: (error: SqeError) => void;
  fetch?: typeof fetch;
};

/** How to run a query. */
export type RunOptions = Cancelable & {
  /** A name to know the run by. */
  snippetName?: string;
  /** Writes into a Data Extension instead of a temporary table. */
  target?: Target;
  parameters?: readonly Parameter[];
  /** Counts all rows, also those beyond what can be read; may be slow. */
  total?: boolean;
  /** Waits that long for the rows, at most 25 s: then `page(1)` needs no call when they came in time. */
  waitSeconds?: number;
  /** Names the run: the same key gives the same run. Absent: a new one. */
  idempotencyKey?: string;
};

/** The engine's public API. Every call throws SqeError when it is refused. */
export type Client = SchemaCalls &
  AccountCalls &
  AdministratorCalls &
  HandoffCalls & {
    /** Submits one SELECT. It may be repeated on the way, and runs once. */
    run(sql: string, options?: RunOptions): Promise<Run>;
    /** Finds a run by its id. */
    open(id: string, options?: Cancelable): Promise<Run>;
    /** Lists your runs, newest first; `cursor` is the `nextCursor` of the page before. */
    runs(
      options?: Cancelable & { limit?: number; cursor?: string },
    ): Promise<{ runs: readonly RunState[]; nextCursor?: string }>;
    /** Checks a query without running it. */
    check(sql: string, options?: CheckOptions): Promise<CheckAnswer>;
  };

/** Opens the public API. */
export function createClient(options: ClientOptions = {}): Client {
  const platform = openPlatform();
  return openClient(options, options.fetch === undefined ? platform : { ...platform, fetch: options.fetch });
}

const patienceMs = 120_000;

/** Opens the public API on a platform: time, chance and the network. */
export function openClient(options: ClientOptions, platform: Platform): Client {
  const { token, onRetry } = options;
  const url = (options.url ?? "").replace(/\/+$/, "");
  const api: Api = { platform, url, patienceMs: options.patienceMs ?? patienceMs, ...given({ token, onRetry }) };
  return {
    run: (sql, how = {}) => submit(api, sql, how),
    open: async (id, how = {}) => runOf(api, await readState(api, encodeURIComponent(id), how)),
    runs: ({ signal, ...query } = {}) => ask(api, { path: "/v1/runs", query, ...given({ signal }) }),
    check: (sql, { signal, ...rest } = {}) =>
      ask(api, { method: "POST", path: "/v1/sql/check", body: { sql, ...rest }, ...given({ signal }) }),
    ...accountCalls(api),
    ...handoffCalls(api),
    ...administratorCalls(api),
    ...schemaCalls(api),
  };
}

async function submit(api: Api, sql: string, options: RunOptions): Promise<Run> {
  const { signal, waitSeconds, idempotencyKey = api.platform.uuid(), ...rest } = options;
  const prefer = waitSeconds === undefined ? undefined : `wait=${waitSeconds}`;
  const headers = { "idempotency-key": idempotencyKey, ...given({ prefer }) };
  const body = { sql, ...rest };
  const call = { method: "POST" as const, path: "/v1/runs", headers, body, ...given({ signal }) };
  return runOf(api, await ask<RunWithPage>(api, call));
}
