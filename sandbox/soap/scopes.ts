import type { Grant } from "../tokens.ts";

/** The answer to a token without the scope: recorded for Retrieve, assumed for writes and Perform (MCE 2.3). */
export const permissionFailed = "API Permission Failed.";

const read: Record<string, string> = {
  DataExtension: "data_extensions_read",
  DataExtensionField: "data_extensions_read",
  DataExtensionObject: "data_extensions_read",
  QueryDefinition: "automations_read",
  AsyncActivityStatus: "automations_read",
};
const write: Record<string, string> = {
  DataExtension: "data_extensions_write",
  QueryDefinition: "automations_write",
};

/** Whether a token may read objects of a type. */
export function mayRead(grant: Grant, type: string): boolean {
  return isGranted(grant, read[type]);
}

/** Whether a token may change objects of a type. Folders need no scope that any source names (MCE 1.3). */
export function mayWrite(grant: Grant, type: string): boolean {
  return isGranted(grant, write[type]);
}

/** Whether a token may start queries. */
export function mayPerform(grant: Grant): boolean {
  return isGranted(grant, "automations_execute");
}

function isGranted(grant: Grant, scope: string | undefined): boolean {
  return scope === undefined || grant.scopes.includes(scope);
}
