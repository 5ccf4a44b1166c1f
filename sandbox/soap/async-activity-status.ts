import type { Behaviours } from "../behaviours.ts";
import { readFilterDate, usDate } from "../dates.ts";
import type { Task } from "../entities.ts";
import { type Answer, type Query, wrongProperties } from "./retrieve.ts";
import type { Context } from "./object-kind.ts";
import { childrenOf, textAt, type XmlElement } from "./xml.ts";
import { element, nil, text } from "./xml-write.ts";

/** How long before the start a stuck row's CompletedDate lies (MCE 6, production log). */
const earlyMs = 2000;

/** A failure shows even then; no source has seen a failed run that stayed Queued. */
const isStuck = (task: Task) => task.script.statusStuck && task.state !== "error";

const status = (task: Task): string => {
  if (isStuck(task)) return "Queued";
  return { queued: "Queued", processing: "Processing", complete: "Complete", error: "Error" }[task.state];
};
const completed = (task: Task): string => {
  if (isStuck(task)) return usDate(task.startedAt - earlyMs);
  return task.endedAt === undefined ? "" : usDate(task.endedAt);
};

/** The pseudo object's properties (MCE 6), in the service's own order. */
const properties: Record<string, (task: Task) => string | number> = {
  ParentInteractionObjectID: (task) => task.interactionId,
  InteractionID: (task) => task.interactionId,
  ClientID: (task) => task.mid,
  TaskID: (task) => task.id,
  Type: () => "Query",
  ActionType: () => "Start",
  AsyncAction: () => "Perform",
  AsyncSubAction: () => "Start",
  Status: status,
  ProcessedCount: (task) => task.rows,
  TotalCount: (task) => task.rows,
  DuplicateCount: () => 0,
  ErrorCount: (task) => (task.state === "error" ? 1 : 0),
  CustomerKey: (task) => task.queryKey,
  ErrorMsg: (task) => (task.state === "error" ? task.errorMsg : ""),
  StatusMessage: () => "",
  ScheduledTime: (task) => usDate(task.startedAt),
  StartDate: (task) => usDate(task.executingAt ?? task.startedAt),
  CompletedDate: completed,
  // Four clients and a document's sample ask for them (MCE 6); their values were not recorded.
  StartTime: (task) => usDate(task.executingAt ?? task.startedAt),
  EndTime: completed,
  ParentTaskID: () => 0,
  Program: () => "",
  ProcessID: () => "",
  StepID: () => "",
  StepTaskID: () => "",
  StepName: () => "",
};

/** What a filter may name (MCE 6). */
const filterable = ["TaskID", "ParentInteractionObjectID", "StartTime", "EndTime", "ClientID", "QueryAllChildren"];

function simpleParts(part: XmlElement): XmlElement[] {
  const operands = [...childrenOf(part, "LeftOperand"), ...childrenOf(part, "RightOperand")];
  return operands.length === 0 ? [part] : operands.flatMap(simpleParts);
}

/** Ids and the two times count; operators and DateValues are ignored, as the service's own page documents. */
function isMeant(task: Task, part: XmlElement, takesIn: boolean): boolean {
  const listed = childrenOf(part, "Value").map((it) => it.text.trim().toLowerCase());
  const values = takesIn ? listed : listed.slice(0, 1);
  const property = textAt(part, "Property")?.trim();
  if (property === "TaskID") return values.includes(String(task.id));
  const moments = values.map(readFilterDate).filter((moment) => moment !== undefined);
  if (property === "StartTime") return moments.every((moment) => task.startedAt >= moment);
  if (property === "EndTime") return moments.every((moment) => task.startedAt <= moment);
  return property !== "ParentInteractionObjectID" || values.includes(task.interactionId);
}

/** Rows of the pseudo object. */
export function retrieveStatus(query: Query, { world, mids, eid, onlyShared }: Context): Answer {
  const type = "AsyncActivityStatus";
  const unknown = query.properties.filter((name) => properties[name] === undefined);
  if (unknown.length > 0) return wrongProperties(unknown, type);
  if (query.properties.length === 0)
    return { kind: "refused", message: "Error: Object reference not set to an instance of an object." };
  const parts = query.filter === undefined ? [] : simpleParts(query.filter);
  const isKnown = parts.every((part) => filterable.includes(textAt(part, "Property")?.trim() ?? ""));
  if (!isKnown) return { kind: "refused", message: "Error: Object reference not set to an instance of an object." };
  const results = world.store.tasks
    .filter((task) => mids.includes(task.mid) && !(onlyShared && task.mid === eid))
    .filter((task) => parts.every((part) => isMeant(task, part, world.behaviours.statusTakesIn)))
    .filter((task) => task.polls++ >= task.script.statusMissingPolls)
    .map((task) => render(type, query.properties, task, world.behaviours));
  return { kind: "results", type, results };
}

function render(type: string, asked: readonly string[], task: Task, behaviours: Behaviours): string {
  const { statusWithoutKeys, statusValueLeftOut } = behaviours;
  const pairs = Object.entries(properties)
    .filter(([name]) => asked.includes(name))
    .map(([name, read]) => {
      const value = statusWithoutKeys && name === "CustomerKey" ? "" : read(task);
      const shown = value === "" && statusValueLeftOut ? "" : text("Value", value);
      return element("Property", text("Name", name) + shown);
    });
  const content = nil("PartnerKey") + nil("ObjectID") + text("Type", type) + element("Properties", pairs.join(""));
  return element("Results", content, "ObjectExtension");
}
