import { json, parseJson, type Reply } from "../http.ts";
import { changeQuery, createQuery, type Place } from "../query-checks.ts";
import { activeQuery } from "../store.ts";
import { isLive, queryDeleted, startTask } from "../tasks.ts";
import { z } from "zod";
import { restError } from "./errors.ts";
import { param } from "./parameters.ts";
import { queryItem, updateTypeNamed, validatedItem } from "./query-item.ts";

/** Largest page of the list; larger ones are ignored (MCE 9). */
const pageSize = 25;

/** Query activities of the business unit (MCE 5.5). */
export function listQueries({ world, mid }: Place, query: URLSearchParams): Reply {
  const wanted = /^\s*name\s+eq\s+'?(.*?)'?\s*$/i.exec(param(query, "filter") ?? "")?.[1];
  const found = world.store.queries.filter(
    (it) =>
      it.mid === mid &&
      it.status === "Active" &&
      (wanted === undefined || it.name.toLowerCase() === wanted.toLowerCase()),
  );
  const page = Math.max(1, Math.floor(Number(param(query, "page") ?? 1)) || 1);
  const size = Math.min(Math.max(1, Math.floor(Number(param(query, "pageSize") ?? pageSize)) || pageSize), pageSize);
  return json(200, {
    count: found.length,
    page,
    pageSize: size,
    items: found.slice((page - 1) * size, page * size).map(queryItem),
  });
}

/** One query activity by ObjectID; a key in the path is not found. */
export function getQuery({ world, mid }: Place, id: string): Reply {
  const found = activeQuery(world.store, mid, id);
  return found === undefined ? missing(id) : json(200, queryItem(found));
}

const newQuery = z.object({
  name: z.string(),
  key: z.string().default(""),
  description: z.string().nullish(),
  queryText: z.string(),
  targetKey: z.string(),
  targetUpdateTypeId: z.number().optional(),
  targetUpdateTypeName: z.string().optional(),
  categoryId: z.number(),
});

/** Creates a query activity from the flat form; anything else answers 500 as the service does (MCE 5.5). */
export function postQuery(place: Place, body: string): Reply {
  const parsed = newQuery.safeParse(parseJson(body));
  if (!parsed.success) return restError(500, "Internal Server Error");
  const { name, key, description, queryText, targetKey, categoryId, targetUpdateTypeId, targetUpdateTypeName } =
    parsed.data;
  const created = createQuery(
    {
      name,
      customerKey: key,
      description: description ?? "",
      queryText,
      targetKey,
      targetName: undefined,
      updateType: updateTypeNamed(targetUpdateTypeId) ?? targetUpdateTypeName ?? "",
      folderId: categoryId,
    },
    place,
  );
  if (created.kind === "refused") return restError(400, created.message, 10_000);
  return json(200, validatedItem(created.query, place));
}

const queryChange = z.object({
  name: z.string().optional(),
  description: z.string().nullish(),
  queryText: z.string().optional(),
  targetKey: z.string().optional(),
  targetUpdateTypeId: z.number().optional(),
  targetUpdateTypeName: z.string().optional(),
  categoryId: z.number().optional(),
});

/** Changes the parts of a query activity that the body names; its SQL is checked again (MCE 5.5). */
export function patchQuery(place: Place, id: string, body: string): Reply {
  const found = activeQuery(place.world.store, place.mid, id);
  if (found === undefined) return missing(id);
  const parsed = queryChange.safeParse(parseJson(body));
  if (!parsed.success) return restError(400, "The request body is invalid.", 10_001);
  const { description, targetUpdateTypeId, targetUpdateTypeName, categoryId, ...rest } = parsed.data;
  const updateType = updateTypeNamed(targetUpdateTypeId) ?? targetUpdateTypeName;
  const change = { ...rest, description: description ?? undefined, updateType, folderId: categoryId };
  const problem = changeQuery(found, change, place);
  if (problem !== undefined) return restError(400, problem, 10_000);
  return json(200, validatedItem(found, place));
}

/** Deletes a query activity; SOAP still shows it as Inactive. */
export function removeQuery({ world, mid, now }: Place, id: string): Reply {
  const found = activeQuery(world.store, mid, id);
  if (found === undefined) return missing(id);
  found.status = "Inactive";
  found.modifiedAt = now;
  queryDeleted(world, found.objectId);
  return json(200, "OK");
}

/** Starts a query activity; the body must be empty or an empty object (MCE 5.5). */
export function startQuery({ world, mid, eid }: Place, id: string, body: string): Reply {
  const found = activeQuery(world.store, mid, id);
  if (found === undefined) return missing(id);
  const text = body.trim();
  if (text !== "" && text !== "{}") return restError(400, "The request body is invalid.", 10_001);
  const isBusy = world.store.tasks.some((it) => it.queryObjectId === found.objectId && isLive(it));
  if (isBusy && world.behaviours.secondStart === "refuse")
    return restError(400, "The query is already running.", 10_001);
  startTask(world, found, eid);
  return json(200, "OK");
}

/** Whether a query runs: false for a moment after its start where that switch is on, true until its end (MCE 5.5). */
export function isRunning({ world, mid, now }: Place, id: string): Reply {
  const found = activeQuery(world.store, mid, id);
  if (found === undefined)
    return restError(world.behaviours.isRunningKeyStatus, "Not Found", world.behaviours.isRunningKeyStatus);
  const live = world.store.tasks.filter((it) => it.queryObjectId === found.objectId && isLive(it));
  return json(200, {
    queryDefinitionId: found.objectId,
    isRunning: live.some((it) => now - it.startedAt >= it.script.isRunningLateMs),
  });
}

/** Empty when all went well (MCE 5.5). */
export function queryLog({ world, mid }: Place, id: string): Reply {
  const found = activeQuery(world.store, mid, id);
  if (found === undefined) return missing(id);
  const failed = world.store.tasks.filter((it) => it.queryObjectId === found.objectId && it.state === "error");
  return json(200, {
    count: failed.length,
    items: failed.map((it) => ({ status: "Error", statusMessage: it.errorMsg })),
  });
}

function missing(id: string): Reply {
  return restError(404, `Unable to find the query activity ${id}.`);
}
