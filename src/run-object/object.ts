import { DurableObject } from "cloudflare:workers";
import { openDatabase } from "#db/database.ts";
import type { Database } from "#db/database.ts";
import { projectRun } from "#db/runs.ts";
import type { Vault } from "#db/vault.ts";
import { open, openVault, seal } from "#db/vault.ts";
import type { AliveRequest, ClaimAnswer, ClaimRequest, GrantRequest } from "#protocol/claim.ts";
import { claim, grantPerform } from "#protocol/claim.ts";
import { readEventId } from "#protocol/frame.ts";
import type { RunJob } from "#protocol/job.ts";
import { noteAsset, owedAssets } from "#protocol/ledger.ts";
import { newRun, isOver } from "#protocol/run.ts";
import type { Run } from "#protocol/run.ts";
import { cancel, end, step } from "#protocol/step.ts";
import type { Owner } from "#protocol/tenancy.ts";
import { isOwner } from "#protocol/tenancy.ts";
import type { Transition } from "#protocol/transition.ts";
import type { RunView } from "#protocol/view.ts";
import { viewOf } from "#protocol/view.ts";
import type { AliveAnswer, ApplyAnswer, GrantReply, OpenAnswer, OpenRequest, ResultAnswer } from "./answers.ts";
import { claimAnswer, intents } from "./claim-answer.ts";
import type { ObjectConfig } from "./config.ts";
import { readObjectConfig } from "./config.ts";
import { queueTimeout, runTimeout } from "./deadlines.ts";
import type { RunRecord, Upkeep } from "./record.ts";
import type { RedisDoor } from "./redis.ts";
import { openRedisDoor } from "./redis.ts";
import type { Wake } from "./schedule.ts";
import { nextWake, wakes } from "./schedule.ts";
import { projectionOf, sqlPlace } from "./sinks.ts";
import type { Store } from "./store.ts";
import { openStore } from "./store.ts";
import { openWatcher, tellWatchers } from "./watchers.ts";

/** The alarm never comes sooner than this after the last one: work in flight answers first. */
const alarmMinMs = 200;

/**
 * One run: the only authority over its status, event log, asset ledger and Perform grants (D1).
 *
 * Every method reads the record, decides with a pure function of #protocol, and saves before it answers; there is no
 * `await` between reading and saving.
 */
export class RunObject extends DurableObject {
  readonly #store: Store = openStore(this.ctx.storage);
  readonly #config: ObjectConfig = readObjectConfig({ ...this.env });
  readonly #redis: RedisDoor = openRedisDoor(
    this.#config.UPSTASH_REDIS_REST_URL,
    this.#config.UPSTASH_REDIS_REST_TOKEN,
  );
  #vault: Promise<Vault> | undefined;
  #database: Database | undefined;
  #isPutting = false;
  #isProjecting = false;
  #armedAt: number | undefined;

  /** Accepts a run: record, first event and outbox row in one transaction; the job leaves right after. */
  async open(request: OpenRequest): Promise<OpenAnswer> {
    const { id, tenancy, flow, sql, snippetName, target, notes, bodyHash } = request;
    const sealedSql = await seal(await this.#openVault(), sql, sqlPlace(tenancy, id));
    const known = this.#store.read();
    if (known !== undefined)
      return known.bodyHash === bodyHash ? { kind: "known", view: viewOf(known.run) } : { kind: "mismatch" };
    const now = Date.now();
    const optional = {
      ...(snippetName === undefined ? {} : { snippetName }),
      ...(target === undefined ? {} : { target }),
    };
    const run = newRun({ id, tenancy, flow, createdAt: now, notes, ...optional });
    const upkeep = {
      projectedVersion: 0,
      projectTries: 0,
      projectAt: now,
      lastSignAt: now,
      deliveries: 0,
      cleanupPuts: 0,
    };
    this.#store.create();
    this.#deliver({ run, ledger: [], bodyHash, sealedSql, upkeep }, now);
    this.#publish(run);
    return { kind: "opened", view: viewOf(run) };
  }

  /** The run as its owner sees it; undefined when it is unknown or somebody else's. */
  view(caller: Owner): RunView | undefined {
    const record = this.#readOwned(caller);
    return record && viewOf(record.run);
  }

  /** Cancels for the user at once, whatever the bridge is doing (R10); `changed` is false when the run was over. */
  cancel(caller: Owner): { view: RunView; changed: boolean } | undefined {
    const record = this.#readOwned(caller);
    if (record === undefined) return undefined;
    const now = Date.now();
    const run = cancel(record.run, now);
    const changed = run !== record.run;
    if (changed) this.#endByOurselves({ ...record, run }, now);
    return { view: viewOf(run), changed };
  }

  /** Says what to read for a page of rows, or why there is nothing to read. */
  result(caller: Owner): ResultAnswer | undefined {
    const record = this.#readOwned(caller);
    if (record === undefined) return undefined;
    const { run } = record;
    if (run.status !== "ready") return { kind: "not-ready", status: run.status };
    const { tenancy, columns = [], result, expiresAt, status } = run;
    if (Date.now() >= expiresAt) return { kind: "expired", expiresAt };
    const rowCount = run.rowCount === undefined ? {} : { rowCount: run.rowCount };
    return { kind: "readable", status, tenancy, columns, result, expiresAt, ...rowCount };
  }

  /** Replaces the rowset snapshot all pages are read from, unless somebody else already did. */
  renewSnapshot(was: string | undefined, requestToken: string, tokenExpiresAt?: number): void {
    const record = this.#store.read();
    if (record?.run.status !== "ready" || record.run.result.requestToken !== was) return;
    const expiry = tokenExpiresAt === undefined ? {} : { tokenExpiresAt };
    const result = { customerKey: record.run.result.customerKey, requestToken, ...expiry };
    this.#store.save({ ...record, run: { ...record.run, result } });
  }

  /** One start of a bridge's processor (D5). */
  async claim({ claimId }: ClaimRequest): Promise<ClaimAnswer | undefined> {
    const record = this.#store.read();
    if (record === undefined) return undefined;
    const now = Date.now();
    const { run, visible } = claim(record.run, claimId, now);
    const ledger = intents(run, record.ledger);
    const claimed = { ...record, run, ledger, upkeep: { ...record.upkeep, lastSignAt: now } };
    this.#commit(claimed, visible);
    const { sealedSql } = claimed;
    if (sealedSql === undefined) return claimAnswer(claimed, now);
    const sql = await open(await this.#openVault(), sealedSql, sqlPlace(run.tenancy, run.id));
    // Canceled while the SQL was being opened: the answer must say so, and its SQL is no longer ours to give.
    const latest = this.#store.read() ?? claimed;
    return claimAnswer(latest, now, sql);
  }

  /** Grants Perform `n` once (D4). */
  grant(ask: GrantRequest): GrantReply | undefined {
    const record = this.#store.read();
    if (record === undefined) return undefined;
    const { status, epoch } = record.run;
    if (ask.epoch !== epoch) return { kind: "stale-epoch", status };
    const now = Date.now();
    const decision = grantPerform(record.run, ask, now);
    if (decision.kind === "refused") return { kind: "answered", grant: { answer: "refused", status, now } };
    const { grant } = decision;
    if (decision.kind === "already") return { kind: "answered", grant: { answer: "already", status, grant, now } };
    this.#commit({ ...record, run: decision.run, upkeep: { ...record.upkeep, lastSignAt: now } }, false);
    return { kind: "answered", grant: { answer: "granted", status, grant, now } };
  }

  /** Folds one transition of the bridge. @param hash SHA-256 of its body, to tell a repeat from a conflict */
  apply(transition: Transition, hash: string): ApplyAnswer | undefined {
    const record = this.#store.read();
    if (record === undefined) return undefined;
    const now = Date.now();
    const { resultTtlMs } = this.#config.settings;
    const next = step(record.run, transition, { now, hash, hashOf: (seq) => this.#store.hashOf(seq), resultTtlMs });
    const { status, version, seq } = record.run;
    if (next.kind === "refused") return { kind: "refused", why: next.why, status, seq };
    if (next.kind === "repeat") return { kind: "accepted", status, version, seq };
    this.#store.addTransition(transition.seq, hash);
    const ledger = next.note === undefined ? record.ledger : noteAsset(record.ledger, next.note);
    const cleanupPuts = ledger === record.ledger ? record.upkeep.cleanupPuts : 0;
    const upkeep = { ...record.upkeep, lastSignAt: now, cleanupPuts };
    this.#commit({ ...record, run: next.run, ledger, upkeep }, next.visible);
    return { kind: "accepted", status: next.run.status, version: next.run.version, seq: next.run.seq };
  }

  /** Hears a bridge's sign of life (D7). */
  alive({ epoch }: AliveRequest): AliveAnswer | undefined {
    const record = this.#store.read();
    if (record === undefined) return undefined;
    const { status } = record.run;
    if (epoch !== record.run.epoch) return { kind: "stale-epoch", status };
    this.#commit({ ...record, upkeep: { ...record.upkeep, lastSignAt: Date.now() } }, false);
    return { kind: "heard", status };
  }

  /**
   * Opens a watcher's socket: `?after=<version>&tenant=&user=`.
   *
   * @returns 101 with the socket; 204 when the watcher has seen the last event of a run that is over; 404
   */
  override fetch(request: Request): Response {
    const { searchParams } = new URL(request.url);
    // Our own Worker writes these two from a verified Caller.
    const caller = { tenantId: searchParams.get("tenant"), userId: searchParams.get("user") } as Owner;
    const record = this.#readOwned(caller);
    if (record === undefined) return new Response(null, { status: 404 });
    const { version, status } = record.run;
    const after = readEventId(searchParams.get("after"));
    if (after !== undefined && after >= version && isOver(status)) return new Response(null, { status: 204 });
    const isUsable = after !== undefined && after <= version;
    return openWatcher(this.ctx, this.#store.eventsAfter(isUsable ? after : version - 1), isOver(status));
  }

  /** Does what is due and arms the next alarm. workerd drops an alarm that fails too often, so it never throws (D16). */
  override async alarm(): Promise<void> {
    const now = Date.now();
    this.#armedAt = undefined;
    try {
      for (const wake of this.#wakes().filter(({ at }) => at <= now)) await this.#do(wake);
    } catch (error) {
      console.error("Alarm of a run object went wrong", error instanceof Error ? error.message : "unknown");
    }
    this.#arm();
  }

  async #do(wake: Wake): Promise<void> {
    const record = this.#store.read();
    if (record === undefined) return;
    const now = Date.now();
    const { settings } = this.#config;
    switch (wake.kind) {
      case "put":
        return this.#putJobs(now);
      case "project":
        return this.#project();
      case "queue-timeout":
        return this.#endByOurselves({ ...record, run: end(record.run, queueTimeout(settings), now) }, now);
      case "run-timeout":
        return this.#endByOurselves({ ...record, run: end(record.run, runTimeout(settings), now) }, now);
      case "redeliver":
        return this.#deliver(record, now);
      case "clean-up":
        return this.#deliver(
          { ...record, upkeep: { ...record.upkeep, cleanupPuts: record.upkeep.cleanupPuts + 1 } },
          now,
        );
      case "purge":
        return this.#store.purge();
    }
  }

  /** Ends the run without a bridge, and asks for a clean-up where something was made. */
  #endByOurselves(record: RunRecord, now: number): void {
    this.#commit({ ...record, upkeep: { ...record.upkeep, lastSignAt: now } }, true);
    if (owedAssets(record.ledger, record.run, now).length === 0 && record.run.epoch === 0) return;
    this.ctx.waitUntil(this.#redis.sayCanceled(record.run.id).catch(() => undefined));
  }

  /** Puts the run's job once more; the first delivery too. */
  #deliver(record: RunRecord, now: number): void {
    const deliveries = record.upkeep.deliveries + 1;
    this.#store.addOutbox({ delivery: deliveries, tries: 0, nextTryAt: now + this.#config.settings.retryMinMs });
    this.#save({ ...record, upkeep: { ...record.upkeep, deliveries, lastSignAt: now } });
    this.ctx.waitUntil(this.#putJobs(Infinity));
  }

  /** Saves a changed run; a visible change becomes an event, and the last one drops the SQL. */
  #commit(record: RunRecord, visible: boolean): void {
    const { sealedSql: _dropped, ...withoutSql } = record;
    this.#save(isOver(record.run.status) ? withoutSql : record);
    if (visible) this.#publish(record.run);
  }

  #publish(run: Run): void {
    const view = viewOf(run);
    this.#store.addEvent(view);
    tellWatchers(this.ctx, view, isOver(run.status));
    this.ctx.waitUntil(this.#project());
  }

  #save(record: RunRecord): void {
    this.#store.save(record);
    this.#arm();
  }

  /** Empties the outbox onto the intake stream. @param due rows to be tried by then; all when Infinity */
  async #putJobs(due: number): Promise<void> {
    if (this.#isPutting) return;
    this.#isPutting = true;
    try {
      for (const row of this.#store.outbox().filter(({ nextTryAt }) => nextTryAt <= due)) {
        const record = this.#store.read();
        if (record === undefined) return;
        const isPut = await this.#redis.putJob(jobOf(record.run, row.delivery)).then(
          () => true,
          () => false,
        );
        if (isPut) {
          this.#store.removeOutbox(row.delivery);
          this.#changeUpkeep({ lastSignAt: Date.now() });
        } else this.#store.postponeOutbox(row.delivery, row.tries + 1, Date.now() + this.#backoff(row.tries));
      }
    } finally {
      this.#isPutting = false;
      this.#arm();
    }
  }

  /** Writes the newest version to Postgres; versions that came meanwhile go in the same round (D1). */
  async #project(): Promise<void> {
    if (this.#isProjecting) return;
    this.#isProjecting = true;
    try {
      for (let record = this.#store.read(); isBehind(record); record = this.#store.read()) {
        this.#database ??= this.#openDatabase();
        await projectRun(this.#database, projectionOf(record.run));
        this.#changeUpkeep({ projectedVersion: record.run.version, projectTries: 0 });
      }
    } catch {
      const tries = this.#store.read()?.upkeep.projectTries ?? 0;
      this.#changeUpkeep({ projectTries: tries + 1, projectAt: Date.now() + this.#backoff(tries) });
    } finally {
      this.#isProjecting = false;
    }
  }

  #changeUpkeep(change: Partial<Upkeep>): void {
    const record = this.#store.read();
    if (record !== undefined) this.#save({ ...record, upkeep: { ...record.upkeep, ...change } });
  }

  #wakes(): readonly Wake[] {
    const record = this.#store.read();
    return record === undefined ? [] : wakes(record, this.#store.outbox(), this.#config.settings);
  }

  #arm(): void {
    const at = nextWake(this.#wakes());
    if (at === undefined || at === this.#armedAt) return;
    this.#armedAt = at;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(Math.max(at, Date.now() + alarmMinMs)));
  }

  #backoff(tries: number): number {
    const { retryMinMs, retryMaxMs } = this.#config.settings;
    return Math.min(retryMaxMs, retryMinMs * 2 ** tries);
  }

  #readOwned(caller: Owner): RunRecord | undefined {
    const record = this.#store.read();
    return record !== undefined && isOwner(record.run.tenancy, caller) ? record : undefined;
  }

  #openVault(): Promise<Vault> {
    return (this.#vault ??= openVault(this.#config.VAULT_KEYS));
  }

  #openDatabase(): Database {
    const { DATABASE_SYSTEM_URL: url, NEON_FETCH_ENDPOINT: fetchEndpoint } = this.#config;
    return openDatabase({ url, ...(fetchEndpoint === undefined ? {} : { fetchEndpoint }) });
  }
}

function isBehind(record: RunRecord | undefined): record is RunRecord {
  return record !== undefined && record.upkeep.projectedVersion < record.run.version;
}

function jobOf({ id, tenancy, snippetName, flow }: Run, delivery: number): RunJob {
  return { kind: "run", runId: id, ...tenancy, ...(snippetName === undefined ? {} : { snippetName }), flow, delivery };
}
