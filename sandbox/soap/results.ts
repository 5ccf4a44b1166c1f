import { randomUUID } from "node:crypto";
import { response } from "./envelope.ts";
import { element, text } from "./xml-write.ts";

/** What became of one object of a Create, Update or Delete. `object` is a rendered element. */
export type Outcome =
  | { kind: "done"; message: string; newId?: number; newObjectId?: string; object?: string }
  | { kind: "refused"; message: string; code: number; object?: string };

type Method = "Create" | "Update" | "Delete";

/** The body of the answer, members in the order of the WSDL (MCE 2.4). */
export function outcomesResponse(method: Method, outcomes: readonly Outcome[]): string {
  const failed = outcomes.filter((it) => it.kind === "refused").length;
  const overall = failed === 0 ? "OK" : failed === outcomes.length ? "Error" : "Has Errors";
  const results = outcomes.map((outcome, at) => result(method, outcome, at)).join("");
  return response(`${method}Response`, results + text("RequestID", randomUUID()) + text("OverallStatus", overall));
}

function result(method: Method, outcome: Outcome, ordinal: number): string {
  const base =
    text("StatusCode", outcome.kind === "done" ? "OK" : "Error") +
    text("StatusMessage", outcome.message) +
    text("OrdinalID", ordinal) +
    (outcome.kind === "refused" ? text("ErrorCode", outcome.code) : "");
  const object = outcome.object ?? "";
  if (method !== "Create") return element("Results", base + object);
  const ids = outcome.kind === "done" ? outcome : { newId: 0, newObjectId: undefined };
  const newObjectId = ids.newObjectId === undefined ? "" : text("NewObjectID", ids.newObjectId);
  return element("Results", base + text("NewID", ids.newId ?? 0) + newObjectId + object);
}
