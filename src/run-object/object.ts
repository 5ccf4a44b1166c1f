import { given } from "#lang/given.ts";
import { DurableObject } from "cloudflare:workers";
import type { Database } from "#db/database.ts";
import { projectRun } from "#db/runs.ts";
import type { StaleRun } from "#db/stale-runs.ts";
import { openVault, type Vault } from "#db/vault.ts";
import type { AliveRequest, ClaimAnswer, ClaimRequest, GrantRequest } from "#protocol/claim.ts";
import { readEventId } from "#run/frame.ts";
import { isOver } from "#protocol/run-status.ts";
import { sha256 } from "#protocol/signature.ts";
import { cancel, discard } from "#run/step.ts";
import { keepsTable } from "#run/run.ts";
import { isOwner, type Owner } from "#protocol/tenancy.ts";
import { requestTokenMax, type Transition } from "#protocol/transition.ts";
import { viewOf, type RunView } from "#run/view.ts";
import type { AliveAnswer, ApplyAnswer, GrantReply, OpenAnswer, OpenRequest, ResultAnswer } from "#run/answers.ts";
import { admitClaim, answerAlive, answerGrant, type Decided } from "#run/bridge-requests.ts";
import { claimAnswer } from "#run/claim-answer.ts";
import { openRecord } from "#run/open.ts";
import { readObjectConfig, type ObjectConfig } from "./config.ts";
import { debugOf, readTrace, type RunDebug } from "./debug.ts";
import { foldTransition } from "./fold.ts";
import { openKeeper, type Keeper } from "./keeper.ts";
import { answerInTime } from "./deadline.ts";
import { factsOf, writeLog } from "./log.ts";
import { openOutbox } from "./outbox.ts";
import { openProjector, openSystemDatabase, type Projector } from "./projector.ts";
import { projectionOf } from "./projection.ts";
import { reconcile } from "./reconciliation.ts";
import type { RunRecord } from "#run/record.ts";
import { openRedisClient, type RedisClient } from "./redis.ts";
import { openSql, sealSql } from "./sealed-sql.ts";
import { openStore, type Store } from "./store.ts";
import { endAlone, runDue, type DueDeps } from "./due.ts";
import { openWatcher } from "./watchers.ts";

/**
 * One run: the only authority over its status, event log, asset ledger and Perform grants (D1).
 *
 * Every method reads the record, decides with a pure function of #run, and saves before it answers; there is no
 * `await` between reading and saving.
 */
export class RunObject extends DurableObject {
  readonly #store: Store = openStore(this.ctx.storage);
  readonly #config: ObjectConfig = readObjectConfig({ ...this.env });
  readonly #redis: RedisClient = openRedisClient(
    this.#config.UPSTASH_REDIS_REST_URL,
    this.#config.UPSTASH_REDIS_REST_TOKEN,
    this.#config.settings,
  );
  #vault: Promise<Vault> | undefined;
  #database: Database | undefined;
  readonly #shared = {
    ctx: this.ctx,
    store: this.#store,
    settings: this.#config.settings,
    redis: this.#redis,
    now: () => Date.now(),
    log: writeLog,
    sha256,
  };
  readonly #keeper: Keeper = openKeeper(this.#shared, {
    visible: () => this.ctx.waitUntil(this.#project()),
    over: ({ run, isCounted }) => isCounted && this.ctx.waitUntil(this.#redis.releasePlace(run)),
  });
  readonly #project: Projector = openProjector({
    ...this.#shared,
    keeper: this.#keeper,
    write: (run) => {
      // It connects when there is something to write.
      this.#database ??= openSystemDatabase(this.#config);
      return answerInTime(projectRun(this.#database, projectionOf(run)));
    },
  });
  readonly #deps: DueDeps = {
    ...this.#shared,
    keeper: this.#keeper,
    outbox: openOutbox({ ...this.#shared, keeper: this.#keeper }),
    project: this.#project,
  };

  /** Accepts a run: record, first event and outbox row in one transaction. The job is put right after it. */
  async open(request: OpenRequest): Promise<OpenAnswer> {
    const { bodyHash, tenancy } = request;
    const sealed = await sealSql(await this.#openVault(), request);
    const known = this.#store.read();
    if (known !== undefined)
      return known.bodyHash === bodyHash ? { kind: "known", view: viewOf(known.run) } : { kind: "mismatch" };
    const now = Date.now();
    const record = { ...openRecord(request, now, this.#config.settings), ...sealed };
    this.#store.create();
    this.#deps.outbox.deliver(record, now);
    this.#keeper.publish(record.run);
    const { tenantId, mid } = tenancy;
    writeLog("run opened", { ...factsOf(record.run), tenantId, mid, flow: record.run.flow });
    return { kind: "opened", view: viewOf(record.run) };
  }

  /** The run as its owner sees it; undefined when it is unknown or another user's. */
  view(caller: Owner): RunView | undefined {
    const record = this.#readOwned(caller);
    return record && viewOf(record.run);
  }

  /** The run with what `?debug=1` adds. */
  async debug(caller: Owner): Promise<{ view: RunView; debug: RunDebug } | undefined> {
    const record = this.#readOwned(caller);
    if (record === undefined) return undefined;
    const trace = await readTrace(this.#redis, record.run.id);
    return { view: viewOf(record.run), debug: debugOf(record, this.#store.steps(), trace) };
  }

  /** Cancels the run at once, whatever the bridge is doing (R10). `changed` is false when the run was over. */
  cancel(caller: Owner): { view: RunView; changed: boolean } | undefined {
    const record = this.#readOwned(caller);
    if (record === undefined) return undefined;
    const now = Date.now();
    const run = cancel(record.run, now);
    const changed = run !== record.run;
    if (changed) endAlone(this.#deps, { ...record, run }, now);
    return { view: viewOf(run), changed };
  }

  /** Ends the result of a run now: its rows cannot be read any more, and its table is deleted. `ended` is false when it has none. */
  discard(caller: Owner): { view: RunView; ended: boolean } | undefined {
    const record = this.#readOwned(caller);
    if (record === undefined) return undefined;
    const run = discard(record.run, Date.now());
    if (run !== record.run) this.#keeper.commit({ ...record, run }, true);
    return { view: viewOf(run), ended: run.status === "ready" || keepsTable(run) };
  }

  /** Returns what to read for a page of rows, or why there is nothing to read. */
  result(caller: Owner): ResultAnswer | undefined {
    const record = this.#readOwned(caller);
    if (record === undefined) return undefined;
    const { run } = record;
    if (run.status !== "ready") return { kind: "not-ready", status: run.status };
    const { tenancy, columns = [], result, expiresAt, status, target } = run;
    if (Date.now() >= expiresAt) return { kind: "expired", expiresAt, ...given({ target }) };
    const counts = given({ rowCount: run.rowCount, truncated: run.truncated });
    return { kind: "readable", status, tenancy, columns, result, expiresAt, ...counts };
  }

  /** Replaces the rowset snapshot that all pages are read from, unless another request already did. */
  renewSnapshot(was: string | undefined, requestToken: string, tokenExpiresAt?: number): void {
    const record = this.#store.read();
    if (record?.run.status !== "ready" || record.run.result.requestToken !== was) return;
    if (requestToken.length > requestTokenMax) return;
    const { tokenExpiresAt: _over, ...kept } = record.run.result;
    const expiry = given({ tokenExpiresAt });
    const result = { ...kept, requestToken, ...expiry };
    this.#store.save({ ...record, run: { ...record.run, result } });
  }

  /** Admits one start of a bridge's processor (D5). */
  async claim(ask: ClaimRequest): Promise<ClaimAnswer | undefined> {
    const record = this.#store.read();
    if (record === undefined) return undefined;
    const now = Date.now();
    // A job delivered again because no bridge had come must not take the run from the bridge that came.
    const admitted = admitClaim(record, ask, now, this.#config.settings);
    if (admitted === undefined) return { ...claimAnswer(record, now), task: "none" };
    const { record: claimed, visible } = admitted;
    const { run } = claimed;
    this.#keeper.commit(claimed, visible);
    writeLog("run claimed", { ...factsOf(run), epoch: run.epoch, status: run.status });
    if (claimed.sealedSql === undefined) return claimAnswer(claimed, now);
    const { sql, filled } = await openSql(await this.#openVault(), claimed);
    // It may have been canceled while the SQL was being decrypted. Then the answer must say so and have no SQL.
    const latest = this.#store.read() ?? claimed;
    return claimAnswer(latest, now, sql, filled);
  }

  /** Grants Perform `n` once (D4). */
  grant(ask: GrantRequest): GrantReply | undefined {
    const record = this.#store.read();
    if (record === undefined) return undefined;
    return this.#keep(answerGrant(record, ask, Date.now()));
  }

  /** Folds one transition of the bridge. @param hash SHA-256 of its body, to tell a repeat from a conflict */
  apply(transition: Transition, hash: string): ApplyAnswer | undefined {
    return foldTransition(this.#deps, transition, hash);
  }

  /** Records a bridge's sign of life (D7). */
  alive(ask: AliveRequest): AliveAnswer | undefined {
    const record = this.#store.read();
    return record && this.#keep(answerAlive(record, ask, Date.now()));
  }

  /** Makes Postgres and this object agree. @returns false when a write to Postgres failed */
  reconcile(row: StaleRun): Promise<boolean> {
    return reconcile({ ...this.#deps, config: this.#config }, row);
  }

  /**
   * Opens a watcher's socket: `?after=<version>&tenant=&user=`.
   *
   * @returns 101 with the socket; 204 when the watcher has seen the last event of a run that is over; 404
   */
  override fetch(request: Request): Response {
    const { searchParams } = new URL(request.url);
    // Our Worker sets these two from a verified Caller.
    const caller = { tenantId: searchParams.get("tenant"), userId: searchParams.get("user") } as Owner;
    const record = this.#readOwned(caller);
    if (record === undefined) return new Response(null, { status: 404 });
    const { version, status } = record.run;
    const after = readEventId(searchParams.get("after"));
    if (after !== undefined && after >= version && isOver(status)) return new Response(null, { status: 204 });
    const isUsable = after !== undefined && after <= version;
    return openWatcher(this.ctx, this.#store.eventsAfter(isUsable ? after : version - 1), status);
  }

  /** Does what is due and arms the next alarm. It never throws, because workerd drops an alarm that fails too often (D16). */
  override async alarm(): Promise<void> {
    this.#keeper.disarm();
    await runDue(this.#deps);
    this.#keeper.arm();
  }

  #keep<A>({ answer, changed, visible }: Decided<A>): A {
    if (changed !== undefined) this.#keeper.commit(changed, visible);
    return answer;
  }

  #readOwned(caller: Owner): RunRecord | undefined {
    const record = this.#store.read();
    return record !== undefined && isOwner(record.run.tenancy, caller) ? record : undefined;
  }

  #openVault(): Promise<Vault> {
    return (this.#vault ??= openVault(this.#config.VAULT_KEYS));
  }
}
