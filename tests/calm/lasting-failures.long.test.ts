import { describe, expect, test } from "vitest";
import type { Target } from "#protocol/target.ts";
import { failures, live, type Story } from "./support/lasting.ts";

type End = "ready" | "MCE_UNAVAILABLE" | "QUERY_FAILED" | "REAUTH_REQUIRED" | "OUTCOME_UNKNOWN" | "TIMEOUT";

const minute = 60_000;
/** MCE's patience, the longest wait for a Create in flight, and what the brake adds. */
const startPatienceMs = 3.5 * minute;
const followPatienceMs = 7 * minute;

const flows: Readonly<Record<string, Target | undefined>> = {
  "run-to-temp": undefined,
  overwrite: { customerKey: "No Rows", mode: "overwrite" },
  append: { customerKey: "No Rows", mode: "append" },
  update: { customerKey: "No Rows", mode: "update" },
};

/** Calls on the way to Perform, without which a run cannot go on. */
const needed = [
  "SOAP Retrieve DataExtension",
  "SOAP Retrieve DataExtensionField",
  "SOAP Retrieve DataFolder",
  "SOAP Create DataFolder",
  "SOAP Create DataExtension",
  "SOAP Create QueryDefinition",
];
const others = [
  "AUTH token",
  "REST validate",
  "SOAP Perform",
  "SOAP Retrieve AsyncActivityStatus",
  "REST isrunning",
  "REST rowset",
  "SOAP Retrieve QueryDefinition",
  "SOAP Delete QueryDefinition",
  "SOAP Delete DataExtension",
];

/** Marketing Cloud has done the work, and only its answer is missing. */
const isDone = (failure: string) => ["cut after", "truncated", "hang"].includes(failure);

/** How a run must end when one call fails permanently. */
function expected(call: string, failure: string, flow: string): End | readonly End[] {
  if (call === "AUTH token") return failure === "no scope" ? "REAUTH_REQUIRED" : "MCE_UNAVAILABLE";
  if (call === "SOAP Create DataExtension" && flow !== "run-to-temp") return "ready";
  if (needed.includes(call)) {
    if (call.startsWith("SOAP Create") && isDone(failure)) return "ready";
    if (failure === "no scope") return isFieldLookUp(call, flow) ? "ready" : "REAUTH_REQUIRED";
    return failure === "plain 400" ? "QUERY_FAILED" : "MCE_UNAVAILABLE";
  }
  if (call === "SOAP Perform") {
    if (failure === "plain 400") return "QUERY_FAILED";
    if (failure === "no scope") return "REAUTH_REQUIRED";
    if (failure === "429" || failure === "maintenance") return "MCE_UNAVAILABLE";
    // Found by its key among the tasks; where there is none, an append may not be sent again.
    if (isDone(failure)) return "ready";
    return flow === "append" ? "OUTCOME_UNKNOWN" : "MCE_UNAVAILABLE";
  }
  if (call === "SOAP Retrieve AsyncActivityStatus" && flow !== "run-to-temp") return "OUTCOME_UNKNOWN";
  return "ready";
}

/** A run does without what a table does not show: its columns are assumed, or nothing is compared. */
const isFieldLookUp = (call: string, flow: string) =>
  call === "SOAP Retrieve DataExtensionField" || (call === "SOAP Retrieve DataExtension" && flow === "run-to-temp");

const codeOf = ({ run }: Story): string => (run.status === "failed" ? run.error.code : run.status);

/** MCE's own refusal of a lookup, whatever the question. */
const refused = {
  status: 200,
  body: '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><OverallStatus>Error: Some part of your SQL statement is nested too deeply.</OverallStatus><RequestID>r</RequestID></RetrieveResponseMsg></soap:Body></soap:Envelope>',
};

test.each([
  ["SOAP Retrieve DataExtensionField", "run-to-temp", "ready"],
  ["SOAP Retrieve DataExtension", "run-to-temp", "ready"],
  ["SOAP Retrieve DataExtensionField", "append", "ready"],
  ["SOAP Retrieve DataExtension", "append", "QUERY_FAILED"],
])("%s of %s that is always refused: no storm, and %s", async (call, flow, end) => {
  const story = await live(call, refused, flows[flow]);
  const told = JSON.stringify(story);
  expect(codeOf(story), told).toBe(end);
  expect(story.calls, told).toBeLessThanOrEqual(60);
  expect(story.burst, told).toBeLessThanOrEqual(30);
  expect(story.tookMs, told).toBeLessThanOrEqual(startPatienceMs);
  expect([story.left, story.bugs], told).toEqual([[], []]);
});

describe.each(Object.keys(flows))("a call of %s that always fails", (flow) => {
  test.each([...needed, ...others])("%s: no storm, the right end in time, nothing left behind", async (call) => {
    for (const [failure, fault] of Object.entries(failures)) {
      const story = await live(call, fault, flows[flow]);
      const told = `${call}, ${failure}: ${JSON.stringify(story)}`;
      expect(expected(call, failure, flow), told).toContain(codeOf(story));
      expect(story.calls, told).toBeLessThanOrEqual(60);
      expect(story.burst, told).toBeLessThanOrEqual(30);
      expect(story.burstAfterFailure, told).toBeLessThanOrEqual(6);
      const isAtStart = needed.includes(call) || call === "AUTH token" || call === "SOAP Perform";
      expect(story.tookMs, told).toBeLessThanOrEqual(isAtStart ? startPatienceMs : followPatienceMs);
      expect(story.left, told).toEqual([]);
      expect(story.bugs, told).toEqual([]);
      if (flow === "append") expect(story.applied, told).toBeLessThanOrEqual(1);
    }
  });
});
