import { bearer, type Call, type Reply, type Request } from "../http.ts";
import type { Place } from "../query-checks.ts";
import type { Grant } from "../tokens.ts";
import type { World } from "../world.ts";
import { asyncStatus, writeEventsLater, writeRowsLater } from "./async-rows.ts";
import { enter, restError } from "./errors.ts";
import {
  getQuery,
  isRunning,
  listQueries,
  patchQuery,
  postQuery,
  queryLog,
  removeQuery,
  startQuery,
} from "./queries.ts";
import { validateQuery } from "./query-validation.ts";
import { writeRows } from "./row-writes.ts";
import { rowsetByKey, rowsetByToken } from "./rowset.ts";

type Handler = (place: Place & { grant: Grant }, captured: string, request: Request) => Reply;
type Route = { method: string; path: RegExp; name: string; scope: string; handle: Handler };

const queries = String.raw`^\/automation\/v1\/queries`;

const routes: readonly Route[] = [
  {
    method: "GET",
    path: /^\/data\/v1\/customobjectdata\/key\/([^/]+)\/rowset\/?$/i,
    name: "REST rowset",
    scope: "data_extensions_read",
    handle: ({ world, grant }, key, { query }) => rowsetByKey(world, grant, key, query),
  },
  {
    method: "GET",
    path: /^\/data\/v1\/customobjectdata\/token\/([^/]+)\/rowset\/?$/i,
    name: "REST rowset",
    scope: "data_extensions_read",
    handle: ({ world, grant }, token, { query }) => rowsetByToken(world, grant, token, query),
  },
  {
    method: "POST",
    path: /^\/hub\/v1\/dataevents\/key:([^/]+)\/rowset\/?$/i,
    name: "REST write rows",
    scope: "data_extensions_write",
    handle: ({ world, grant }, key, { body }) => writeRows(world, grant, key, body),
  },
  {
    method: "POST",
    path: /^\/hub\/v1\/dataeventsasync\/key:([^/]+)\/rowset\/?$/i,
    name: "REST write rows async",
    scope: "data_extensions_write",
    handle: ({ world, grant }, key, { body }) => writeEventsLater(world, grant, key, body),
  },
  ...["POST", "PUT"].map((method): Route => ({
    method,
    path: /^\/data\/v1\/async\/dataextensions\/key:([^/]+)\/rows\/?$/i,
    name: "REST write rows async",
    scope: "data_extensions_write",
    handle: ({ world, grant }, key, { body }) => writeRowsLater(world, grant, key, body),
  })),
  {
    method: "GET",
    path: /^\/data\/v1\/async\/([^/]+)\/status\/?$/i,
    name: "REST async status",
    scope: "data_extensions_read",
    handle: ({ world, grant }, id) => asyncStatus(world, grant, id),
  },
  {
    method: "POST",
    path: new RegExp(String.raw`${queries}\/actions\/(validate)\/?$`, "i"),
    name: "REST validate",
    scope: "automations_read",
    handle: (place, _, { body }) => validateQuery(place, body),
  },
  {
    method: "POST",
    path: new RegExp(String.raw`${queries}\/([^/]+)\/actions\/start\/?$`, "i"),
    name: "REST start",
    scope: "automations_execute",
    handle: (place, id, { body }) => startQuery(place, id, body),
  },
  {
    method: "GET",
    path: new RegExp(String.raw`${queries}\/([^/]+)\/actions\/isrunning\/?$`, "i"),
    name: "REST isrunning",
    scope: "automations_read",
    handle: (place, id) => isRunning(place, id),
  },
  {
    method: "GET",
    path: new RegExp(String.raw`${queries}\/([^/]+)\/log\/?$`, "i"),
    name: "REST query log",
    scope: "automations_read",
    handle: (place, id) => queryLog(place, id),
  },
  {
    method: "GET",
    path: new RegExp(String.raw`${queries}\/?$`, "i"),
    name: "REST list queries",
    scope: "automations_read",
    handle: (place, _, { query }) => listQueries(place, query),
  },
  {
    method: "POST",
    path: new RegExp(String.raw`${queries}\/?$`, "i"),
    name: "REST create query",
    scope: "automations_write",
    handle: (place, _, { body }) => postQuery(place, body),
  },
  {
    method: "GET",
    path: new RegExp(String.raw`${queries}\/([^/]+)\/?$`, "i"),
    name: "REST get query",
    scope: "automations_read",
    handle: (place, id) => getQuery(place, id),
  },
  {
    method: "PATCH",
    path: new RegExp(String.raw`${queries}\/([^/]+)\/?$`, "i"),
    name: "REST update query",
    scope: "automations_write",
    handle: (place, id, { body }) => patchQuery(place, id, body),
  },
  {
    method: "DELETE",
    path: new RegExp(String.raw`${queries}\/([^/]+)\/?$`, "i"),
    name: "REST delete query",
    scope: "automations_write",
    handle: (place, id) => removeQuery(place, id),
  },
];

/** The call that a REST request means; an unknown path is a 404 in MCE's envelope. */
export function restCall(world: World, request: Request): Call {
  for (const route of routes) {
    const match = route.method === request.method ? route.path.exec(request.path) : null;
    if (match === null) continue;
    const captured = decoded(match[1] ?? "");
    const checked = world.tokens.check(bearer(request), world.clock.now());
    return {
      name: route.name,
      ...(checked.kind === "good" ? { mid: checked.grant.mid, clientId: checked.grant.clientId } : {}),
      run: () => {
        const entry = enter(world, request, route.scope);
        if (entry.kind === "out") return entry.reply;
        if (isHurried(world, entry.grant.mid, request.path)) return restError(500, "Internal Server Error", 0);
        if (captured === undefined) return restError(400, "The request path is invalid.", 10_001);
        const { grant } = entry;
        return route.handle(
          { world, grant, mid: grant.mid, eid: grant.eid, now: world.clock.now() },
          captured,
          request,
        );
      },
    };
  }
  return { name: "REST unknown", run: () => restError(404, "Not Found") };
}

const hurryMs = 10_000;

/** Whether an automation call is throttled, which MCE answers with a plain 500 (MCE 2.6); notes the call. */
function isHurried(world: World, mid: number, path: string): boolean {
  const most = world.behaviours.automationCalls;
  if (most === 0 || !/^\/automation\//i.test(path)) return false;
  const now = world.clock.now();
  const recent = (world.automationCalls.get(mid) ?? []).filter((at) => at > now - hurryMs);
  world.automationCalls.set(mid, [...recent, now]);
  return recent.length >= most;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
