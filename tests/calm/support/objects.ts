import type { ClaimAnswer, ClaimRequest, GrantAnswer, GrantRequest } from "#protocol/claim.ts";
import type { RunId } from "#protocol/ids.ts";
import type { RunStatus } from "#protocol/run-status.ts";
import type { Settings } from "#protocol/settings.ts";
import type { Target } from "#protocol/target.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import { Transition } from "#protocol/transition.ts";
import { admitClaim, answerAlive, answerGrant, foldInto, type Decided } from "#run/bridge-requests.ts";
import { claimAnswer } from "#run/claim-answer.ts";
import { queueTimeout, runTimeout } from "#run/deadlines.ts";
import { openRecord } from "#run/open.ts";
import type { RunRecord } from "#run/record.ts";
import type { Run } from "#run/run.ts";
import { end } from "#run/step.ts";
import { nextDue, nextWake, wakes, type Wake } from "#run/wakes.ts";
import type { Edge, EdgeAnswer } from "../../../src/queue-bridge/edge/edge.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The run objects of one edge in this process, built on src/run; alarms ring on the test's clock. */
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
      runDue(it, due.kind);
    }
    save(it, it.record);
  }

  function runDue(it: Kept, kind: Wake["kind"]): void {
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

  function answerClaim(it: Kept, record: RunRecord, ask: ClaimRequest): EdgeAnswer<ClaimAnswer> {
    const admitted = admitClaim(record, ask, clock.now(), settings);
    if (admitted === undefined) return { kind: "ok", value: { ...claimAnswer(record, clock.now()), task: "none" } };
    save(it, admitted.record);
    return { kind: "ok", value: claimAnswer(it.record, clock.now(), it.sql) };
  }

  function keep<A>(it: Kept, { answer, changed }: Decided<A>): A {
    if (changed !== undefined) save(it, changed);
    return answer;
  }

  function askGrant(it: Kept, record: RunRecord, ask: GrantRequest): EdgeAnswer<GrantAnswer> {
    const answer = keep(it, answerGrant(record, ask, clock.now()));
    return answer.kind === "stale-epoch" ? { kind: "stale" } : { kind: "ok", value: answer.grant };
  }

  function hearTransition(it: Kept, record: RunRecord, body: string): EdgeAnswer<{ status: RunStatus }> {
    const transition = Transition.parse(JSON.parse(body));
    const { resultTtlMs } = settings;
    const at = { now: clock.now(), hash: body, hashOf: (seq: number) => it.bodies.get(seq), resultTtlMs };
    const decided = foldInto(record, transition, at);
    if (decided.changed !== undefined) it.bodies.set(transition.seq, body);
    const answer = keep(it, decided);
    if (answer.kind === "accepted") return { kind: "ok", value: { status: answer.status } };
    const { why, status, seq } = answer;
    if (why === "stale-epoch") return { kind: "stale" };
    return { kind: "refused", code: why.toUpperCase().replaceAll("-", "_"), status, seq };
  }

  function hearAlive(it: Kept, record: RunRecord, epoch: number): EdgeAnswer<{ status: RunStatus }> {
    const answer = keep(it, answerAlive(record, { epoch }, clock.now()));
    return answer.kind === "stale-epoch" ? { kind: "stale" } : { kind: "ok", value: { status: answer.status } };
  }

  return {
    edge: {
      claim: (id, ask) => asked(id, (it, record) => answerClaim(it, record, ask)),
      grant: (id, ask) => asked(id, (it, record) => askGrant(it, record, ask)),
      send: (id, body) => asked(id, (it, record) => hearTransition(it, record, body)),
      alive: (id, epoch) => asked(id, (it, record) => hearAlive(it, record, epoch)),
    },
    open(id, tenancy, sql, target) {
      const flow = target === undefined ? "run-to-temp" : "run-to-target";
      const optional = target === undefined ? {} : { target };
      const request = { id, tenancy, flow, sql, notes: [], bodyHash: "", ...optional } as const;
      const opened = openRecord(request, clock.now(), settings);
      // Postgres is always there.
      const record = { ...opened, upkeep: { ...opened.upkeep, projectedVersion: opened.run.version } };
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
