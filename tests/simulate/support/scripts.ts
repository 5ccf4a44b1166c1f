import * as fc from "fast-check";
import { modes, type FaultPlan, type RunPlan, type Script } from "./script.ts";

const second = 1000;
const minute = 60 * second;

const aRun: fc.Arbitrary<RunPlan> = fc.record(
  {
    at: fc.nat(2 * minute),
    tenant: fc.nat(2),
    mode: fc.constantFrom(...modes),
    cancelAt: fc.oneof(fc.nat(90 * second), fc.nat(3 * second)),
  },
  { requiredKeys: ["at", "tenant", "mode"] },
);
// Most runs are canceled by nobody.
const runOrCanceled = fc.oneof(
  { weight: 4, arbitrary: aRun.map(({ cancelAt: _never, ...run }) => run) },
  { weight: 1, arbitrary: aRun },
);

const at = fc.nat(4 * minute);
const bridge = fc.nat(1);
const lasting = (
  kind: "redis away" | "edge cut from Redis" | "bridges cut from edge" | "Postgres away",
  most: number,
) => fc.record({ kind: fc.constant(kind), at, forMs: fc.integer({ min: 100, max: most }) });

/** Those around the Perform come more often. */
const calls = [
  "SOAP Perform",
  "SOAP Perform",
  "AUTH token",
  "SOAP Create DataExtension",
  "SOAP Create QueryDefinition",
  "SOAP Perform",
  "SOAP Perform",
  "SOAP Retrieve AsyncActivityStatus",
  "SOAP Delete QueryDefinition",
  "SOAP Delete DataExtension",
  "SOAP Retrieve*",
  "REST isrunning",
  "REST rowset",
] as const;

/** The order is part of what a seed means. */
const faultsAtRandom = ["429", "503", "token expired", "cut before", "cut after", "hang", "truncated"] as const;

const aFault: fc.Arbitrary<FaultPlan> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      bridge,
      effect: fc.integer({ min: 1, max: 300 }),
      when: fc.constantFrom("before" as const, "after" as const),
      downMs: fc.integer({ min: 100, max: minute }),
    }),
  },
  fc.record({ kind: fc.constant("stall" as const), bridge, at, forMs: fc.integer({ min: second, max: 2 * minute }) }),
  fc.record({ kind: fc.constant("deploy" as const), bridge, at }),
  lasting("redis away", minute),
  lasting("edge cut from Redis", minute),
  lasting("bridges cut from edge", 100 * second),
  lasting("Postgres away", minute),
  fc.record({ kind: fc.constant("redis emptied" as const), at }),
  fc.record({ kind: fc.constant("command lost" as const), nth: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant("edge restart" as const), at }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("message" as const),
      verb: fc.constantFrom("claim", "grant", "grant", "transitions", "transitions", "alive"),
      nth: fc.integer({ min: 1, max: 30 }),
      fate: fc.constantFrom("lost" as const, "unanswered" as const, "repeated" as const),
      ms: fc.nat(30 * second),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("MCE" as const),
      call: fc.constantFrom(...calls),
      nth: fc.integer({ min: 1, max: 10 }),
      times: fc.integer({ min: 1, max: 3 }),
      fault: fc.constantFrom(...faultsAtRandom),
    }),
  },
);

const durationMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: second / 2, max: 20 * second }) },
  { weight: 3, arbitrary: fc.integer({ min: 20 * second, max: 5 * minute }) },
  { weight: 1, arbitrary: fc.integer({ min: 5 * minute, max: 28 * minute }) },
);
const skew = fc.integer({ min: -5 * minute, max: 5 * minute });

/** Any script: two bridges, up to ten runs, up to eight faults. */
export const aScript: fc.Arbitrary<Script> = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  skewsMs: fc.tuple(skew, skew),
  durationMs,
  callsPerMinute: fc.constantFrom(300, 120, 40),
  runs: fc.array(runOrCanceled, { minLength: 1, maxLength: 10, size: "max" }),
  faults: fc.array(aFault, { minLength: 0, maxLength: 8, size: "max" }),
});

/** The script of a seed; the same one every time. */
export function scriptOf(seed: number): Script {
  const [script] = fc.sample(fc.noBias(aScript), { seed, numRuns: 1 });
  if (script === undefined) throw new Error(`no script of seed ${seed}`);
  return script;
}
