import { type Case, soap } from "./wire-case.ts";
import { aDataExtension, aField, aQuery, perform, statusOf, write } from "./wire-messages.ts";
import type { Json, Wire } from "./wire.ts";

/** How the checker begins what it has to say. */
export const checking = "Error saving the Query field. An error occurred while checking the query syntax. Errors: ";
/** A key field Id, and more fields. */
export const keyed = (more = "") =>
  aField("Id", "Text", `<MaxLength>10</MaxLength><IsPrimaryKey>true</IsPrimaryKey>`) + more;

/** Creates a query into a new data extension; its fields are those of `fields`. */
export async function create(
  wire: Wire,
  sql: string,
  more: { fields?: string; mode?: string; inner?: string; mid?: number } = {},
): Promise<Json> {
  const { fields = aField("EmailAddress"), mode, inner, mid } = more;
  const as = mid === undefined ? {} : { mid };
  await soap(wire, write("Create", "DataExtension", aDataExtension("Target", fields)), as);
  const content = aQuery("Query", "Target", sql, mode, inner);
  return (await soap(wire, write("Create", "QueryDefinition", content), as)).results[0] ?? {};
}

/** A query every new data extension of one email address takes. */
export const plain = "SELECT EmailAddress FROM Customers";
/** Performs a query that was created; answers the response. */
export const start = (wire: Wire, made: Json) =>
  soapText(wire, perform(`<ObjectID>${String(made["NewObjectID"])}</ObjectID>`));
/** The response of a PerformRequestMsg. */
export const soapText = async (wire: Wire, body: string) => (await wire.soap(body)).body["PerformResponseMsg"] as Json;
/** The TaskID of a Perform. */
export const taskOf = (performed: Json) =>
  // A Perform that went well has a task.
  ((performed["Results"] as Json)["Result"] as { Task: { ID: string } }).Task.ID;

/** SQL that Create refuses with this StatusMessage. */
export const refused = (
  facts: string,
  what: string,
  sql: string,
  message: unknown,
  more?: Parameters<typeof create>[2],
): Case => ({
  facts,
  what,
  ask: async (wire) => (await create(wire, sql, more))["StatusMessage"],
  gives: message,
});

/** A run that ends in the error MCE would show, and what is left in its target. */
export const fails = (what: string, sql: string, fields: string, message: unknown, mode = "Overwrite"): Case => ({
  facts: "8.6",
  what,
  ask: async (wire) => {
    const task = taskOf(await start(wire, await create(wire, sql, { fields, mode })));
    await wire.advance(3000);
    return (await statusOf(wire, task)) ?? {};
  },
  gives: { Status: "Error", ErrorMsg: message },
});
