import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { AliveRequest, ClaimAnswer, ClaimRequest, GrantAnswer, GrantRequest } from "#protocol/claim.ts";
import { IntakeCommand } from "#protocol/job.ts";
import type { Run } from "#run/run.ts";
import { SweepPreview, SweepUnit } from "#protocol/sweep.ts";
import { Trace } from "#protocol/trace.ts";
import { Transition } from "#protocol/transition.ts";
import { viewOf } from "#run/view.ts";
import { Complaint, Refusal, StatusReply } from "#protocol/bridge-answers.ts";
import { QueuedJob } from "../../src/queue-bridge/run/memory.ts";
import { SweepJob } from "../../src/queue-bridge/left-over/sweep-job.ts";

const folder = new URL("v1/", import.meta.url);

/** Who reads which kind of message; the part of it that is read, where that is not all. */
const readers: Record<string, z.ZodType> = {
  "claim-request": ClaimRequest,
  "claim-answer": ClaimAnswer,
  "grant-request": GrantRequest,
  "grant-answer": GrantAnswer,
  "alive-request": AliveRequest,
  "status-answer": StatusReply,
  refusal: Refusal,
  complaint: Complaint,
  transition: Transition,
  "intake-command": IntakeCommand,
  "queued-run": QueuedJob,
  "queued-sweep": SweepJob,
  "sweep-preview": SweepPreview,
  "sweep-unit": SweepUnit,
  trace: Trace,
};
/** Of these the reader takes a part. */
const isReadInPart = new Set(["status-answer", "refusal", "complaint"]);
/** The run object's own, which has no reader: tests/edge/versions.test.ts. */
const isStored = new Set(["stored-run", "view"]);

function messagesOf(kind: string): unknown[] {
  return JSON.parse(readFileSync(new URL(`${kind}.json`, folder), "utf8"));
}

const messages = Object.entries(readers).flatMap(([kind, reader]) =>
  messagesOf(kind).map((message, index) => ({ name: `${kind} ${index + 1}`, kind, reader, message })),
);

/** The same message as a newer program may write it: with members nobody knows, in every object of it. */
function withMore(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(withMore);
  if (typeof message !== "object" || message === null) return message;
  const known = Object.fromEntries(Object.entries(message).map(([name, value]) => [name, withMore(value)]));
  return { ...known, newInALaterVersion: { of: ["any", { kind: 1 }] }, alsoNew: null };
}

/** A message with one member changed; `path` is dotted. */
function changed(message: unknown, path: string, value: unknown): unknown {
  const [name = "", ...rest] = path.split(".");
  const at = Array.isArray(message) ? [...message] : { ...(message as Record<string, unknown>) };
  const members = at as Record<string, unknown>;
  members[name] = rest.length === 0 ? value : changed(members[name], rest.join("."), value);
  return at;
}

describe("messages of version 1", () => {
  it("have a reader each", () => {
    const kinds = readdirSync(folder).filter((file) => file.endsWith(".json"));
    expect(kinds.map((file) => basename(file, ".json")).sort()).toEqual([...Object.keys(readers), ...isStored].sort());
  });

  it("are of every type of transition", () => {
    const types = messagesOf("transition").map((message) => Transition.parse(message).type);
    const known = Transition.options.map(({ shape }) => shape.type.value);
    expect([...new Set(types)].sort()).toEqual([...known].sort());
  });

  it.each(messages)("$name is read as it was meant", ({ kind, reader, message }) => {
    const read = reader.parse(message);
    if (isReadInPart.has(kind)) expect(message).toMatchObject(JSON.parse(JSON.stringify(read)));
    else expect(read).toMatchObject(message as object);
  });

  it.each(messages)("$name is read the same with members nobody knows yet", ({ reader, message }) => {
    expect(reader.parse(withMore(message))).toEqual(reader.parse(message));
  });

  it("of refusals tell the run's status and number, or the edge's clock", () => {
    const read = messagesOf("refusal").map((message) => Refusal.parse(message));
    expect(read.map(({ code, status, seq, now }) => [code, status, seq, now])).toEqual([
      ["GAP", "running", 2, undefined],
      ["RUN_IS_OVER", "canceled", 7, undefined],
      ["STALE_EPOCH", "running", undefined, undefined],
      ["CLOCK_SKEW", undefined, undefined, 1_796_007_939_434],
      ["RUN_NOT_FOUND", undefined, undefined, undefined],
    ]);
  });

  it.each([
    ["transition", 0],
    ["claim-answer", 0],
    ["queued-run", 0],
  ])("%s is not kept with members nobody knows: what is stored is what is understood", (kind, index) => {
    const read = readers[kind]?.parse(withMore(messagesOf(kind)[index]));
    expect(JSON.stringify(read)).not.toContain("newInALaterVersion");
  });
});

describe("words of a newer program", () => {
  const transition = (type: string, matches: (it: Transition) => boolean = () => true) =>
    messagesOf("transition").find((message) => {
      const read = Transition.parse(message);
      return read.type === type && matches(read);
    });
  const tokenOf = (length: number) => "t".repeat(length);
  const ready = transition("ready", (it) => it.type === "ready" && it.evidence !== undefined);
  const failed = transition("failed");

  it.each([
    ["evidence.why", "complete-with-rows", { evidence: { why: "other", verdict: "done" } }],
    ["evidence.status", "paused", { evidence: { status: "other", why: "complete-stands" } }],
    ["evidence.verdict", "abandoned", { evidence: undefined, rowCount: 429 }],
    ["evidence.rows", "many", { evidence: undefined, rowCount: 429 }],
    ["evidence", "all is well", { evidence: undefined, rowCount: 429 }],
    ["result.requestToken", tokenOf(5000), { result: { requestToken: undefined, orderBy: "QPP_Order" } }],
    ["result.requestToken", tokenOf(900), { result: { requestToken: tokenOf(900) } }],
    ["notes", ["One", "", 7, "x".repeat(600), "a\0b\ud800"], { notes: ["One", "x".repeat(500), "a\ufffdb\ufffd"] }],
  ])("%s in a new word or beyond its bound does not keep a run from being ready", (path, value, expected) => {
    expect(Transition.parse(changed(ready, path, value))).toMatchObject({ type: "ready", ...expected });
  });

  it("a hundred notes are fifty", () => {
    const notes = Array.from({ length: 100 }, (_, n) => `Note ${n}`);
    expect(Transition.parse(changed(ready, "notes", notes))).toMatchObject({ notes: notes.slice(0, 50) });
  });

  it.each([
    ["error.code", "QUOTA_EXCEEDED", { code: "INTERNAL", title: "The query cannot be run" }],
    ["error.detail", "x".repeat(9000), { code: "QUERY_FAILED", detail: "x".repeat(4000) }],
    ["error.mce", `${"x".repeat(3999)}😀`, { mce: `${"x".repeat(3999)}\ufffd` }],
    ["error.title", "", { title: "" }],
  ])("%s that is new does not keep a run from ending with its error", (path, value, error) => {
    expect(Transition.parse(changed(failed, path, value))).toMatchObject({ type: "failed", error });
  });

  it.each([
    ["an unknown type", "type", "suspended"],
    ["unknown evidence of a Perform without effect", "evidence", "probably-not-running"],
  ])("%s is refused, because something is decided by it", (_, path, value) => {
    expect(Transition.safeParse(changed(transition("performRejected"), path, value)).success).toBe(false);
  });

  it("an asset of an unknown kind is passed over in a ledger", () => {
    const [claim] = messagesOf("claim-answer");
    const ledger = [{ asset: "folder", attempt: 1, customerKey: "K", state: "created" }];
    const { ledger: known } = ClaimAnswer.parse(claim);
    expect(ClaimAnswer.parse(changed(claim, "ledger", [...ledger, ...known])).ledger).toEqual(known);
  });

  it("a verdict in an unknown word is passed over in a trace, and its calls are not", () => {
    const [trace] = messagesOf("trace");
    const strange = changed(trace, "verdicts.0.verdict", "abandoned");
    expect(Trace.parse(strange)).toMatchObject({ verdicts: [], calls: Trace.parse(trace).calls });
  });

  it.each([
    ["memory.seen", { n: "one" }, { seen: undefined, perform: { taskId: "10684" } }],
    ["memory.habit", "slow", { habit: undefined, orderColumn: "QPP_Order" }],
    ["memory", "nothing", {}],
  ])("a job whose %s is of another shape is still a job", (path, value, memory) => {
    const [job] = messagesOf("queued-run");
    expect(QueuedJob.parse(changed(job, path, value))).toMatchObject({ delivery: 2, memory });
  });
});

describe("runs that an object of version 1 has stored", () => {
  type Stored = { record: { run: Run }; events: { version: number }[] };

  it.each([0, 1, 2])("are shown as they were: number %i", (index) => {
    // Written by version 1 from a Run and its views.
    const { record, events } = messagesOf("stored-run")[index] as Stored;
    expect(viewOf(record.run)).toMatchObject(events.at(-1) ?? {});
  });
});
