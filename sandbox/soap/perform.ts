import { randomUUID } from "node:crypto";
import { activeQuery, dataExtensionByKey } from "../store.ts";
import { isLive, startTask } from "../tasks.ts";
import { response } from "./envelope.ts";
import type { Context } from "./object-kind.ts";
import { mayPerform, permissionFailed } from "./scopes.ts";
import { child, childrenOf, localName, textAt, type XmlElement } from "./xml.ts";
import { element, nil, text } from "./xml-write.ts";

type Performed = { isFine: boolean; xml: string };

/** Answers a PerformRequestMsg: starts queries, clears data extensions (MCE 5.4, 4.6). */
export function perform(request: XmlElement, context: Context): string {
  const action = textAt(request, "Action")?.trim().toLowerCase() ?? "";
  const definitions = childrenOf(child(request, "Definitions"), "Definition");
  return performResponse(definitions.map((definition) => performOne(action, definition, context)));
}

/** The body of the answer. */
export function performResponse(results: readonly Performed[]): string {
  const failed = results.filter((it) => !it.isFine).length;
  const overall = results.length > 0 && failed === 0 ? "OK" : failed === results.length ? "Error" : "Has Errors";
  const inner = element("Results", results.map((it) => element("Result", it.xml)).join(""));
  const tail = text("OverallStatus", overall) + text("OverallStatusMessage", "") + text("RequestID", randomUUID());
  return response("PerformResponseMsg", inner + tail);
}

function performOne(action: string, definition: XmlElement, context: Context): Performed {
  const type = localName(definition.attributes.get("type") ?? "");
  if (type === "QueryDefinition" && action === "start") return start(definition, context);
  if (type === "DataExtension" && action === "cleardata") return clear(definition, context);
  return failure(
    type,
    `Cannot perform ${action} on objects of type ${type}`,
    5,
    reference(type || "APIObject", undefined),
  );
}

/** What a token without the permission gets. */
export function refusedPerform(type: string, message: string, object = reference(type, undefined)): Performed {
  return failure(type, message, 11, object);
}

function start(definition: XmlElement, context: Context): Performed {
  const objectId = textAt(definition, "ObjectID")?.trim() ?? "";
  const query = activeQuery(context.world.store, context.mid, objectId);
  const object = reference("QueryDefinition", objectId || undefined);
  if (!mayPerform(context.grant)) return refusedPerform("QueryDefinition", permissionFailed, object);
  const errorId = context.world.random.between(100_000_000, 999_999_999);
  if (query === undefined)
    return failure("QueryDefinition", `Exception occurred during [Schedule::Start] ErrorID = ${errorId}`, 2, object);
  const isBusy = context.world.store.tasks.some((it) => it.queryObjectId === query.objectId && isLive(it));
  if (isBusy && context.world.behaviours.secondStart === "refuse") {
    return failure("QueryDefinition", "The query is already running.", 3, object);
  }
  const task = startTask(context.world, query, context.eid);
  const xml =
    text("StatusCode", "OK") +
    text("StatusMessage", "QueryDefinition perform called successfully") +
    reference("QueryDefinition", query.objectId) +
    element(
      "Task",
      text("StatusCode", "OK") +
        text("StatusMessage", "OK") +
        text("ID", task.id) +
        text("InteractionObjectID", task.interactionId),
    );
  return { isFine: true, xml };
}

/** The answer to ClearData has no Task, and its text really has "CustmoerKey" (MCE 4.6). */
function clear(definition: XmlElement, { world, mid }: Context): Performed {
  const key = textAt(definition, "CustomerKey")?.trim() ?? "";
  const found = dataExtensionByKey(world.store, mid, key);
  if (found === undefined)
    return failure("DataExtension", "The data extension was not found.", 310002, reference("DataExtension", undefined));
  world.engine.clearTable(mid, found.name);
  found.isChanged = true;
  const message = `Data from requested data extension was cleared successfully. DataExtension - CustmoerKey :${found.customerKey}`;
  const object = element(
    "Object",
    nil("PartnerKey") + nil("ObjectID") + text("CustomerKey", found.customerKey),
    "DataExtension",
  );
  return { isFine: true, xml: text("StatusCode", "OK") + text("StatusMessage", message) + object };
}

/** A refused result has a Task too, since the WSDL requires one. */
function failure(type: string, message: string, code: number, object: string): Performed {
  const task =
    type === "QueryDefinition" ? element("Task", text("StatusCode", "Error") + text("StatusMessage", message)) : "";
  const xml = text("StatusCode", "Error") + text("StatusMessage", message) + text("ErrorCode", code) + object + task;
  return { isFine: false, xml };
}

function reference(type: string, objectId: string | undefined): string {
  return element(
    "Object",
    nil("PartnerKey") + (objectId === undefined ? nil("ObjectID") : text("ObjectID", objectId)),
    type,
  );
}
