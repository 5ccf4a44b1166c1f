import type { AliveRequest, ClaimRequest, GrantRequest } from "#protocol/claim.ts";
import { claim, grantPerform } from "#protocol/claim.ts";
import type { RunId } from "#protocol/ids.ts";
import { noteAsset } from "#protocol/ledger.ts";
import type { Run } from "#protocol/run.ts";
import { newRun } from "#protocol/run.ts";
import type { Settings } from "#protocol/settings.ts";
import { end, step } from "#protocol/step.ts";
import type { Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { Transition } from "#protocol/transition.ts";
import type { Edge, EdgeAnswer } from "../../../src/queue-bridge/edge/edge.ts";
import { claimAnswer, intents } from "../../../src/run-object/claim-answer.ts";
import { queueTimeout, runTimeout } from "../../../src/run-object/deadlines.ts";
import type { RunRecord } from "../../../src/run-object/record.ts";
import { heard } from "../../../src/run-object/record.ts";
import type { Wake } from "../../../src/run-object/schedule.ts";
import { nextDue, nextWake, wakes } from "../../../src/run-object/schedule.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The run objects of one edge in this process, made of their own pure parts; alarms ring on the test's clock. */
export type Objects = {
  edge: Edge;
  open(id: RunId, tenancy: Tenancy, sql: string, target?: Target): void;
  run(id: RunId): Run;
};

type Kept = { record: RunRecord; sql: string; bodies: Map<number, string>; disarm: () => void };

/** @param put puts a run's job on the queue */
export function openObjects(
  clock: VirtualClock,
  settings: Settings,
  put: (run: Run, delivery: number) => void,
): Objects {
  const kept = new Map<string, Kept>();

  function save(it: Kept, record: RunRecord): void {
    const isNew = record.run.version > it.record.run.version;
    // Postgres is always there.
    const upkeep = isNew ? { ...record.upkeep, projectedVersion: record.run.version } : record.upkeep;
    it.record = { ...record, upkeep };
    it.disarm();
    const at = nextWake(pending(it));
    if (at !== undefined) it.disarm = clock.at(at, () => ring(it));
  }
  const pending = (it: Kept) => wakes(it.record, [], settings).filter(({ kind }) => kind !== "purge");

  function ring(it: Kept): void {
    const done = new Set<Wake["kind"]>();
    for (let due = nextDue(pending(it), clock.now(), done); due; due = nextDue(pending(it), clock.now(), done)) {
      done.add(due.kind);
      tend(it, due.kind);
    }
    save(it, it.record);
  }

  function tend(it: Kept, kind: Wake["kind"]): void {
    const { record } = it;
    const { run, upkeep } = record;
    if (kind === "queue-timeout") save(it, { ...record, run: end(run, queueTimeout(settings), clock.now()) });
    if (kind === "run-timeout") save(it, { ...record, run: end(run, runTimeout(run, settings), clock.now()) });
    if (kind === "read-log") save(it, { ...record, upkeep: { ...upkeep, logReadAt: clock.now() } });
    if (kind === "redeliver") deliver(it, record);
    if (kind === "clean-up") deliver(it, { ...record, upkeep: { ...upkeep, cleanupPuts: upkeep.cleanupPuts + 1 } });
  }

  function deliver(it: Kept, record: RunRecord): void {
    const deliveries = record.upkeep.deliveries + 1;
    save(it, { ...record, upkeep: { ...record.upkeep, deliveries, lastSignAt: clock.now() } });
    put(record.run, deliveries);
  }

  function asked<T>(id: RunId, answer: (it: Kept, record: RunRecord) => EdgeAnswer<T>): Promise<EdgeAnswer<T>> {
    const it = kept.get(id);
    return Promise.resolve(it === undefined ? { kind: "unknown-run" } : answer(it, it.record));
  }

  function answerClaim(it: Kept, { run, ...record }: RunRecord, { claimId, delivery }: ClaimRequest) {
    const claimed = claim(run, claimId, clock.now()).run;
    const upkeep = { ...heard(record.upkeep, clock.now()), ...(delivery === undefined ? {} : { holder: delivery }) };
    save(it, { ...record, run: claimed, ledger: intents(claimed, record.ledger), upkeep });
    return { kind: "ok", value: claimAnswer(it.record, clock.now(), it.sql) } as const;
  }

  function answerGrant(it: Kept, record: RunRecord, ask: GrantRequest) {
    const { status, epoch } = record.run;
    if (ask.epoch !== epoch) return { kind: "stale" } as const;
    const decision = grantPerform(record.run, ask, clock.now());
    if (decision.kind === "granted")
      save(it, { ...record, run: decision.run, upkeep: heard(record.upkeep, clock.now()) });
    const grant = decision.kind === "refused" ? {} : { grant: decision.grant };
    return { kind: "ok", value: { answer: decision.kind, status, now: clock.now(), ...grant } } as const;
  }

  function answerTransition(it: Kept, record: RunRecord, body: string): EdgeAnswer<{ status: Run["status"] }> {
    const transition = Transition.parse(JSON.parse(body));
    const at = {
      now: clock.now(),
      hash: body,
      hashOf: (seq: number) => it.bodies.get(seq),
      resultTtlMs: settings.resultTtlMs,
    };
    const next = step(record.run, transition, at);
    const { status, seq } = record.run;
    if (next.kind === "refused" && next.why === "stale-epoch") return { kind: "stale" };
    if (next.kind === "refused")
      return { kind: "refused", code: next.why.toUpperCase().replaceAll("-", "_"), status, seq };
    if (next.kind === "repeat") return { kind: "ok", value: { status } };
    it.bodies.set(transition.seq, body);
    const ledger = next.note === undefined ? record.ledger : noteAsset(record.ledger, next.note);
    const cleanupPuts = ledger === record.ledger ? record.upkeep.cleanupPuts : 0;
    save(it, { ...record, run: next.run, ledger, upkeep: { ...heard(record.upkeep, clock.now()), cleanupPuts } });
    return { kind: "ok", value: { status: next.run.status } };
  }

  function answerAlive(it: Kept, record: RunRecord, { epoch }: AliveRequest) {
    if (epoch !== record.run.epoch) return { kind: "stale" } as const;
    save(it, { ...record, upkeep: heard(record.upkeep, clock.now()) });
    return { kind: "ok", value: { status: record.run.status } } as const;
  }

  return {
    edge: {
      claim: (id, ask) => asked(id, (it, record) => answerClaim(it, record, ask)),
      grant: (id, ask) => asked(id, (it, record) => answerGrant(it, record, ask)),
      send: (id, body) => asked(id, (it, record) => answerTransition(it, record, body)),
      alive: (id, epoch) => asked(id, (it, record) => answerAlive(it, record, { epoch })),
    },
    open(id, tenancy, sql, target) {
      const flow = target === undefined ? "run-to-temp" : "run-to-target";
      const run = newRun({ id, tenancy, flow, createdAt: clock.now(), ...(target === undefined ? {} : { target }) });
      const upkeep = {
        projectedVersion: run.version,
        projectTries: 0,
        projectAt: 0,
        lastSignAt: clock.now(),
        deliveries: 0,
        cleanupPuts: 0,
      };
      const record = { run, ledger: [], bodyHash: "", upkeep };
      const it: Kept = { record, sql, bodies: new Map(), disarm: () => {} };
      kept.set(id, it);
      deliver(it, record);
    },
    run(id) {
      const it = kept.get(id);
      if (it === undefined) throw new Error(`no run "${id}"`);
      return it.record.run;
    },
  };
}
