import type { Redis } from "ioredis";
import type { MceCall } from "#mce/client.ts";
import type { RunId } from "#protocol/ids.ts";
import { runCallsField, runCallsStream, runLogTtlSeconds } from "#protocol/redis-keys.ts";
import type { CallTrace, TracedCall } from "#protocol/traced-call.ts";
import { append } from "./kept-stream.ts";

/** Appends some of a run's calls to its stream; what Redis does not take is lost, because nothing is decided by it. */
export type CallLog = (id: RunId, trace: CallTrace) => void;

/** A run of 29 minutes has some 120 starts. */
const entriesMax = 500;

export function openCallLog(redis: Redis): CallLog {
  return (id, trace) => {
    const stream = { key: runCallsStream(id), field: runCallsField, ttlSeconds: runLogTtlSeconds, entriesMax };
    append(redis, stream, JSON.stringify(trace)).catch(() => {});
  };
}

/** Gathers the calls of one claim, so that Redis is told once per start and sign of life, not once per call. */
export function openCallTrace(callLog: CallLog, claim: { id: RunId; epoch: number; now: () => number }) {
  let calls: TracedCall[] = [];
  return {
    add({ name, ms, outcome }: MceCall): void {
      calls.push({ at: Math.round(claim.now() - ms), call: name, ms: Math.round(ms), outcome });
    },
    flush(): void {
      if (calls.length === 0) return;
      callLog(claim.id, { epoch: claim.epoch, calls });
      calls = [];
    },
  };
}
