import { retrieveStatus } from "./async-activity-status.ts";
import { dataExtension, dataExtensionField, dataExtensionTemplate } from "./data-extension.ts";
import { retrieveRows } from "./data-extension-object.ts";
import { dataFolder } from "./data-folder.ts";
import type { Context } from "./object-kind.ts";
import { queryDefinition } from "./query-definition.ts";
import { type Answer, continued, type Query, readQuery, retrieve, retrieveResponse } from "./retrieve.ts";
import { mayRead, permissionFailed } from "./scopes.ts";
import { child, textAt, type XmlElement } from "./xml.ts";

/** Answers a Retrieve, or goes on with an earlier one. */
export function answerRetrieve(body: XmlElement, context: Context): string {
  const request = child(body, "RetrieveRequest");
  const type = textAt(request, "ObjectType")?.trim() ?? "";
  const query = readQuery(request, context.world.behaviours.batchSize);
  const token = textAt(request, "ContinueRequest")?.trim() ?? "";
  const found = token === "" ? ask(type, query, context) : continued(token, context);
  const isHidden = !mayRead(context.grant, type.replace(/\[.*$/s, ""));
  return retrieveResponse(isHidden ? withoutPermission(found, context) : found, query.batchSize, context);
}

/** The refusal of any object (MCE 2.3); some clients saw an answer without rows instead. */
function withoutPermission(found: Answer, { world }: Context): Answer {
  if (world.behaviours.noPermission === "error") return { kind: "refused", message: `Error: ${permissionFailed}` };
  return found.kind === "results" ? { ...found, results: [] } : found;
}

function ask(type: string, query: Query, context: Context): Answer {
  switch (type) {
    case dataFolder.type:
      return retrieve(dataFolder, query, context);
    case dataExtension.type:
      return retrieve(dataExtension, query, context);
    case dataExtensionTemplate.type:
      return retrieve(dataExtensionTemplate, query, context);
    case dataExtensionField.type:
      return retrieve(dataExtensionField, query, context);
    case queryDefinition.type:
      return retrieve(queryDefinition, query, context);
    case "AsyncActivityStatus":
      return retrieveStatus(query, context);
    default: {
      const key = /^DataExtensionObject\[(.*)\]$/s.exec(type)?.[1];
      if (key !== undefined) return retrieveRows(key, query, context);
      const message = `Error: Unable to find a handler for object type: ${type}. Object types are case-sensitive, check spelling.`;
      return { kind: "refused", message };
    }
  }
}
