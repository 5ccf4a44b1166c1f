import { randomUUID } from "node:crypto";
import { serverIso } from "../dates.ts";
import { response } from "./envelope.ts";
import { readFilter } from "./filter.ts";
import { type Context, type ObjectKind, type Property, unasked } from "./object-kind.ts";
import { child, childrenOf, textAt, type XmlElement } from "./xml.ts";
import { element, nil, text } from "./xml-write.ts";

/** Asks one kind of object; a refusal is the OverallStatus of an answer without results. */
export type Query = { properties: readonly string[]; filter: XmlElement | undefined; batchSize: number };
export type Answer = { kind: "results"; type: string; results: string[] } | { kind: "refused"; message: string };

/** The request inside a RetrieveRequestMsg. */
export function readQuery(request: XmlElement | undefined, largestBatch: number): Query {
  const wanted = Number(textAt(child(request, "Options"), "BatchSize") ?? largestBatch);
  return {
    properties: childrenOf(request, "Properties").map((it) => it.text.trim()),
    filter: child(request, "Filter"),
    // A batch can be made smaller, not larger (MCE 2.3).
    batchSize: wanted >= 1 && wanted < largestBatch ? Math.floor(wanted) : largestBatch,
  };
}

/** Renders every object of a kind that passes the filter. */
export function retrieve<E>(kind: ObjectKind<E>, query: Query, context: Context): Answer {
  const known = new Set(kind.properties.filter((it) => it.hidden !== true).map((it) => it.path));
  const unknown = query.properties.filter((it) => !known.has(it));
  if (unknown.length > 0) return wrongProperties(unknown, kind.type);
  if (query.properties.length === 0) {
    return { kind: "refused", message: "Error: Object reference not set to an instance of an object." };
  }
  const filter = query.filter === undefined ? undefined : readFilter(query.filter, kind, context);
  if (filter?.kind === "refused") return filter;
  const entities = kind.list(context).filter((entity) => filter?.test(entity) ?? true);
  const asked = new Set(query.properties);
  return { kind: "results", type: kind.type, results: entities.map((it) => render(kind, asked, it, context)) };
}

/** The refusal of properties an object does not have. */
export function wrongProperties(names: readonly string[], type: string): Answer {
  const list = names.join(", ");
  return {
    kind: "refused",
    message: `Error: The Request Property(s) ${list} do not match with the fields of ${type} retrieve`,
  };
}

function render<E>(kind: ObjectKind<E>, asked: ReadonlySet<string>, entity: E, context: Context): string {
  const isActive = (path: string) => {
    if (asked.has(path)) return true;
    const parent = path.slice(0, path.lastIndexOf(".") + 1);
    return unasked(path) && (parent === "" || [...asked].some((it) => it.startsWith(parent)));
  };
  const shown = kind.properties.filter((it) => isActive(it.path));
  return element(
    "Results",
    nest(shown, 0, (property) => show(property, asked.has(property.path), entity, context)),
    kind.type,
  );
}

/** Writes properties in their order; neighbors below the same name share one element. */
function nest<E>(properties: readonly Property<E>[], depth: number, write: (property: Property<E>) => string): string {
  let out = "";
  for (let at = 0; at < properties.length;) {
    // `at` is below the length.
    const property = properties[at] as Property<E>;
    const segments = property.path.split(".");
    if (segments.length === depth + 1) {
      out += write(property);
      at += 1;
      continue;
    }
    const prefix = `${segments.slice(0, depth + 1).join(".")}.`;
    let end = at;
    while (properties[end]?.path.startsWith(prefix) === true) end += 1;
    const inner = properties.slice(at, end);
    // Ids are returned unasked, but not alone: a nested object without any value is left out.
    const hasValue = inner.some((it) => !unasked(it.path) && write(it) !== "");
    if (hasValue) out += element(segments[depth] ?? "", nest(inner, depth + 1, write));
    at = end;
  }
  return out;
}

function show<E>(property: Property<E>, isAsked: boolean, entity: E, context: Context): string {
  const name = property.path.slice(property.path.lastIndexOf(".") + 1);
  const value = property.read(entity, context);
  // An id that was not asked for is returned, but without its value (MCE 2.2).
  if (unasked(property.path) && !isAsked) return nil(name);
  if (value === undefined) return unasked(property.path) ? nil(name) : "";
  if (value === "")
    return property.keepsEmpty === true ? text(name, "") : isAsked || !unasked(property.path) ? "" : nil(name);
  return text(name, property.kind === "date" ? serverIso(Number(value)) : value);
}

/** The whole answer: the first batch, and the rest kept for ContinueRequest under this answer's RequestID. */
export function retrieveResponse(answer: Answer, batchSize: number, context: Context): string {
  if (answer.kind === "refused") return refusedRetrieve(answer.message);
  const requestId = randomUUID();
  const { type, results } = answer;
  const rest = results.slice(batchSize);
  const { continuations } = context.world;
  // A client that has not continued after a thousand other answers will not come back.
  for (const old of continuations.keys()) if (continuations.size >= 1000) continuations.delete(old);
  if (rest.length > 0) context.world.continuations.set(requestId, { type, mid: context.mid, results: rest });
  const status = rest.length > 0 ? "MoreDataAvailable" : "OK";
  const shown = results.slice(0, batchSize).join("");
  return response("RetrieveResponseMsg", text("OverallStatus", status) + text("RequestID", requestId) + shown);
}

/** The answer whose OverallStatus says why there are no results. */
export function refusedRetrieve(message: string): string {
  return response("RetrieveResponseMsg", text("OverallStatus", message) + text("RequestID", randomUUID()));
}

/** What is left of an earlier Retrieve; each RequestID can be continued once. */
export function continued(requestId: string, context: Context): Answer {
  const { continuations, behaviours } = context.world;
  const rest = continuations.get(requestId);
  if (rest === undefined || rest.mid !== context.mid || behaviours.staleContinue) {
    return { kind: "refused", message: "Error: The RequestID sent through ContinueRequest does not exist." };
  }
  continuations.delete(requestId);
  return { kind: "results", type: rest.type, results: rest.results };
}
