/** A permission of an installed package, by its name in a token answer (MCE 1.3). */
export type Scope =
  | "data_extensions_read"
  | "data_extensions_write"
  | "automations_read"
  | "automations_write"
  | "automations_execute"
  | "list_and_subscribers_read";

const seeTables: readonly Scope[] = ["data_extensions_read"];
const makeTables: readonly Scope[] = ["data_extensions_read", "data_extensions_write"];
const seeQueries: readonly Scope[] = ["automations_read"];
const makeQueries: readonly Scope[] = ["automations_read", "automations_write"];

/**
 * What a call needs, by its name. The scopes for queries and rows are documented (MCE MCP reference, 2026-06). No source
 * names any for folders, which are assumed to need what their contents need.
 */
const needs: Readonly<Record<string, readonly Scope[]>> = {
  "SOAP Retrieve DataExtension": seeTables,
  "SOAP Retrieve DataExtensionField": seeTables,
  "SOAP Retrieve DataExtensionObject": seeTables,
  "SOAP Create DataExtension": makeTables,
  "SOAP Delete DataExtension": makeTables,
  "REST rowset": seeTables,
  "SOAP Retrieve QueryDefinition": seeQueries,
  "SOAP Create QueryDefinition": makeQueries,
  "SOAP Delete QueryDefinition": makeQueries,
  "REST create query": makeQueries,
  "REST validate": seeQueries,
  "REST isrunning": seeQueries,
  "SOAP Perform": ["automations_read", "automations_execute"],
  "SOAP Retrieve AsyncActivityStatus": seeQueries,
  "SOAP Retrieve DataFolder": [...seeTables, ...seeQueries],
  "SOAP Create DataFolder": [...makeTables, ...makeQueries],
  "SOAP Delete DataFolder": [...makeTables, ...makeQueries],
  "SOAP Describe Subscriber": ["list_and_subscribers_read"],
};

/** The permissions that a call requires; none for a call whose needs are unknown. */
export function scopesOf(callName: string): readonly Scope[] {
  return needs[callName] ?? [];
}

/** Everything but `list_and_subscribers_read`, without which profile attributes are unknown and no more. */
const neededByRuns: readonly Scope[] = [
  "data_extensions_read",
  "data_extensions_write",
  "automations_read",
  "automations_write",
  "automations_execute",
];

/** The permissions that runs need and a token lacks; none when MCE did not say what the token may do. */
export function lackingScopes({ scopes }: { scopes?: readonly string[] }): readonly Scope[] {
  return scopes === undefined ? [] : neededByRuns.filter((scope) => !scopes.includes(scope));
}

/**
 * Writes permissions as Setup shows them, with their names in a token: `Automations Read and Write
 * (automations_read, automations_write)`.
 */
export function scopesText(scopes: readonly Scope[]): string {
  const byArea = new Map<string, string[]>();
  for (const scope of scopes) {
    const words = scope
      .split("_")
      .map((word) => (word === "and" ? word : word.slice(0, 1).toUpperCase() + word.slice(1)));
    const area = words.slice(0, -1).join(" ");
    byArea.set(area, [...(byArea.get(area) ?? []), ...words.slice(-1)]);
  }
  const areas = [...byArea].map(([area, rights]) => `${area} ${rights.join(" and ")}`);
  return `${areas.join(", ")} (${scopes.join(", ")})`;
}
