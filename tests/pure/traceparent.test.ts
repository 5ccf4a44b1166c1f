import { describe, expect, it } from "vitest";
import { RunJob } from "#protocol/job.ts";
import { continueTrace, Traceparent, traceIdOf } from "#protocol/traceparent.ts";
import { aRunId, aTenancy } from "../support/runs.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const sent = `00-${trace}-00f067aa0ba902b7-01`;
const random = Uint8Array.from({ length: 24 }, (_, index) => index + 1);
/** What these random bytes make of a request without a trace. */
const made = "00-0102030405060708090a0b0c0d0e0f10-1112131415161718-01";

describe("continueTrace()", () => {
  it("keeps the caller's trace under a span of our own", () => {
    expect(continueTrace(sent, random)).toBe(`00-${trace}-1112131415161718-01`);
    expect(traceIdOf(continueTrace(sent, random))).toBe(trace);
  });

  it("keeps whether the caller records it, and no flag it does not know", () => {
    expect(continueTrace(sent.replace(/01$/, "00"), random)).toBe(`00-${trace}-1112131415161718-00`);
    expect(continueTrace(sent.replace(/01$/, "ff"), random)).toBe(`00-${trace}-1112131415161718-01`);
  });

  it("reads a header of a later version, as the specification asks", () => {
    expect(traceIdOf(continueTrace(`cc-${trace}-00f067aa0ba902b7-01-more`, random))).toBe(trace);
  });

  it.each([
    undefined,
    "",
    "anything",
    sent.toUpperCase(),
    sent.slice(1),
    `${sent}-more`,
    `ff-${trace}-00f067aa0ba902b7-01`,
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
    `00-${trace}-${"0".repeat(16)}-01`,
  ])("begins a trace for %j", (header) => {
    expect(continueTrace(header, random)).toBe(made);
    expect(Traceparent.safeParse(made).success).toBe(true);
  });
});

describe("a job's trace", () => {
  const job = { kind: "run", runId: aRunId, ...aTenancy(), flow: "run-to-temp", delivery: 1 };

  it("is read with it", () => {
    expect(RunJob.parse({ ...job, traceparent: sent }).traceparent).toBe(sent);
  });

  it.each([undefined, 7, "anything"])("is absent when the edge wrote %j, and the job is a job", (traceparent) => {
    expect(RunJob.parse({ ...job, traceparent })).toEqual(job);
  });
});
