import { randomUUID } from "node:crypto";
import type { DataExtension } from "../entities.ts";
import { json, type Reply } from "../http.ts";
import { dataExtensionByKey, isSynchronized } from "../store.ts";
import type { Grant } from "../tokens.ts";
import type { Snapshot, World } from "../world.ts";
import { insufficient, restError } from "./errors.ts";
import { param, positive } from "./parameters.ts";
import { readRows, rowPrinter } from "./rows.ts";

const largestPage = 2500;
const mostSnapshots = 500;

/** Rows by external key: a new snapshot in a random order, since MCE promises none (MCE 7.1). */
export function rowsetByKey(world: World, grant: Grant, key: string, query: URLSearchParams): Reply {
  const { rowsetDown } = world.behaviours;
  if (rowsetDown !== null) return down(rowsetDown, key);
  const found = dataExtensionByKey(world.store, grant.mid, key);
  if (found === undefined) return notRetrievable(404, key);
  if (isSynchronized(world.store, found)) return insufficient;
  const late = lateStatus(world, found);
  if (late !== undefined) return notRetrievable(late, key);
  const rows = readRows(world, found, query);
  if (typeof rows === "string") return restError(400, rows, 10_003);
  const token = randomUUID();
  const snapshot: Snapshot = {
    dataExtension: { objectId: found.objectId, customerKey: found.customerKey },
    mid: grant.mid,
    expiresAt: world.clock.now() + world.behaviours.rowsetTokenLifeMs,
    rows,
    print: rowPrinter(found.fields, query, world.behaviours.keylessKeys),
    pageSize: positive(param(query, "pageSize"), largestPage),
  };
  forgetOld(world);
  world.snapshots.set(token, snapshot);
  return page(token, snapshot, query);
}

/** A page of a snapshot taken earlier. */
export function rowsetByToken(world: World, grant: Grant, token: string, query: URLSearchParams): Reply {
  const { rowsetDown } = world.behaviours;
  if (rowsetDown !== null) return down(rowsetDown, token);
  const snapshot = world.snapshots.get(token);
  if (snapshot === undefined || snapshot.mid !== grant.mid || snapshot.expiresAt <= world.clock.now()) {
    world.snapshots.delete(token);
    return restError(400, `The request token ${token} is invalid or has expired.`, 10_003);
  }
  return page(token, snapshot, query);
}

/** Snapshots hold rows, so only unexpired ones are kept, and at most a few hundred. */
function forgetOld({ snapshots, clock }: World): void {
  for (const [token, { expiresAt }] of snapshots) {
    if (expiresAt > clock.now() && snapshots.size < mostSnapshots) return;
    snapshots.delete(token);
  }
}

function page(token: string, snapshot: Snapshot, query: URLSearchParams): Reply {
  const number = positive(param(query, "page"), Number.MAX_SAFE_INTEGER, 1);
  const pageSize = positive(param(query, "pageSize"), largestPage, snapshot.pageSize);
  const { rows } = snapshot;
  const items = rows.slice((number - 1) * pageSize, number * pageSize).map(snapshot.print);
  // The service leaves out the /data that its own path begins with.
  const link = (to: number) => `/v1/customobjectdata/token/${token}/rowset?$page=${to}`;
  const links = { self: link(number), ...(number * pageSize < rows.length ? { next: link(number + 1) } : {}) };
  return json(200, {
    links,
    requestToken: token,
    tokenExpireDateUtc: new Date(snapshot.expiresAt).toISOString().slice(0, -1),
    customObjectId: snapshot.dataExtension.objectId,
    customObjectKey: snapshot.dataExtension.customerKey,
    pageSize,
    page: number,
    count: rows.length,
    top: 0,
    ...(items.length > 0 ? { items } : {}),
  });
}

/** The status a new data extension answers while its first run has not ended, or ended too recently (MCE 10, quirk 2). */
function lateStatus(world: World, found: DataExtension): number | undefined {
  if (!found.isFresh) return undefined;
  const tasks = world.store.tasks.filter((task) => task.targetObjectId === found.objectId);
  const late = tasks.find(
    (task) => task.doneAt === undefined && !(task.script.rowsVisibleEarly && task.appliedAt !== undefined),
  );
  return late?.script.rowsetLateStatus;
}

function down(status: number, of: string): Reply {
  if (status === 403) return insufficient;
  return status < 500 ? notRetrievable(status, of) : restError(status, "Internal Server Error");
}

function notRetrievable(status: number, key: string): Reply {
  return restError(status, `Data extension data cannot be retrieved for key ${key}.`, status === 404 ? 404 : 10_003);
}
