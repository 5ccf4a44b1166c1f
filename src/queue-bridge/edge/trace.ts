import type { Redis } from "ioredis";
import type { MceCall } from "#mce/client.ts";
import type { Evidence } from "#protocol/evidence.ts";
import type { RunId } from "#protocol/ids.ts";
import { runLogTtlSeconds, runTraceField, runTraceStream } from "#protocol/redis-keys.ts";
import type { Trace } from "#protocol/trace.ts";
import { append } from "./kept-stream.ts";

/** Appends a part of a run's trace to its stream; it is for debugging only, so what Redis does not accept is lost. */
export type TraceLog = (id: RunId, trace: Trace) => void;

/** A run of 29 minutes has about 120 starts. */
const entriesMax = 500;

/** Opens the log of traces. */
export function openTraceLog(redis: Redis): TraceLog {
  return (id, trace) => {
    const stream = { key: runTraceStream(id), field: runTraceField, ttlSeconds: runLogTtlSeconds, entriesMax };
    append(redis, stream, JSON.stringify(trace)).catch(() => {});
  };
}

/** Records the calls and verdicts of one start of the processor, for debugging. */
export type Tracer = {
  call(call: MceCall): void;
  verdict(n: number, evidence: Evidence): void;
  flush(): void;
};

/** Collects the trace of one claim, and writes it to Redis once per start and sign of life instead of once per call. */
export function openTracer(log: TraceLog, claim: { id: RunId; epoch: number; now: () => number }): Tracer {
  const { id, epoch } = claim;
  let trace: Trace = { epoch, calls: [], verdicts: [] };
  return {
    call({ name, ms, outcome }) {
      trace.calls.push({ at: Math.round(claim.now() - ms), call: name, ms: Math.round(ms), outcome });
    },
    verdict(n, evidence) {
      trace.verdicts.push({ at: Math.round(claim.now()), n, ...evidence });
    },
    flush() {
      if (trace.calls.length === 0 && trace.verdicts.length === 0) return;
      log(id, trace);
      trace = { epoch, calls: [], verdicts: [] };
    },
  };
}
