import { randomUUID } from "node:crypto";
import { usFromServer } from "../dates.ts";
import type { DataExtension } from "../entities.ts";
import { json, type Reply } from "../http.ts";
import { shuffled } from "../random.ts";
import { dataExtensionByKey } from "../store.ts";
import type { Grant } from "../tokens.ts";
import type { Snapshot, World } from "../world.ts";
import { restError } from "./errors.ts";
import { readFilterExpression } from "./row-filter.ts";

const largestPage = 2500;

/** Rows by external key: a new snapshot in an order of its own, for MCE promises none (FACTS 7.1). */
export function rowsetByKey(world: World, grant: Grant, key: string, query: URLSearchParams): Reply {
  const found = dataExtensionByKey(world.store, grant.mid, key);
  if (found === undefined) return notRetrievable(404, key);
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
    pageSize: positive(param(query, "pageSize"), largestPage),
  };
  world.snapshots.set(token, snapshot);
  return page(token, snapshot, query);
}

/** A page of a snapshot taken earlier. */
export function rowsetByToken(world: World, grant: Grant, token: string, query: URLSearchParams): Reply {
  const snapshot = world.snapshots.get(token);
  if (snapshot === undefined || snapshot.mid !== grant.mid || snapshot.expiresAt <= world.clock.now()) {
    world.snapshots.delete(token);
    return restError(400, `The request token ${token} is invalid or has expired.`, 10_003);
  }
  return page(token, snapshot, query);
}

function page(token: string, snapshot: Snapshot, query: URLSearchParams): Reply {
  const number = positive(param(query, "page"), Number.MAX_SAFE_INTEGER, 1);
  const pageSize = positive(param(query, "pageSize"), largestPage, snapshot.pageSize);
  const { rows } = snapshot;
  const items = rows.slice((number - 1) * pageSize, number * pageSize);
  // The service leaves out the /data its own path begins with.
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

/** The status a new data extension answers while its first run has not ended, or ended too recently (FACTS 10, quirk 2). */
function lateStatus(world: World, found: DataExtension): number | undefined {
  if (!found.isFresh) return undefined;
  const tasks = world.store.tasks.filter((task) => task.targetObjectId === found.objectId);
  const late = tasks.find(
    (task) => task.doneAt === undefined && !(task.script.rowsVisibleEarly && task.appliedAt !== undefined),
  );
  return late?.script.rowsetLateStatus;
}

function notRetrievable(status: number, key: string): Reply {
  return restError(status, `Data extension data cannot be retrieved for key ${key}.`, status === 404 ? 404 : 10_003);
}

type Rows = Snapshot["rows"];

function readRows(world: World, found: DataExtension, query: URLSearchParams): Rows | string {
  const names = found.fields.map((it) => it.name.toLowerCase());
  const isDate = found.fields.map((it) => it.fieldType === "Date");
  const hasKey = found.fields.some((it) => it.isPrimaryKey);
  const all = world.engine.readRows(found.mid, found.name);
  const filter = param(query, "filter");
  const test = filter === undefined ? undefined : readFilterExpression(filter, found.fields);
  if (typeof test === "string") return test;
  const numbered = all.map((values, at) => ({ values, id: at + 1 }));
  const kept = test === undefined ? numbered : numbered.filter(({ values }) => test(values));
  const mixed = shuffled(kept, world.random);
  const ordered = order(mixed, param(query, "orderBy"), found.fields);
  if (typeof ordered === "string") return ordered;
  const top = positive(param(query, "top"), Number.MAX_SAFE_INTEGER, 0);
  const asked = param(query, "fields")
    ?.split(",")
    .map((it) => it.trim().toLowerCase());
  return (top > 0 ? ordered.slice(0, top) : ordered).map(({ values, id }) => {
    const row: Rows[number] = { keys: hasKey ? {} : { _customobjectkey: String(id) }, values: {} };
    for (const [at, name] of names.entries()) {
      if (asked !== undefined && !asked.includes(name)) continue;
      const value = values[at] ?? "";
      (found.fields[at]?.isPrimaryKey === true ? row.keys : row.values)[name] =
        isDate[at] === true && value !== "" ? usFromServer(value) : value;
    }
    return row;
  });
}

type Numbered = { values: readonly (string | null)[]; id: number };

function order(rows: Numbered[], by: string | undefined, fields: DataExtension["fields"]): Numbered[] | string {
  if (by === undefined || by.trim() === "") return rows;
  const terms = by.split(",").map((term) => {
    const [name = "", direction = "asc"] = term.trim().split(/\s+/);
    const at = fields.findIndex((it) => it.name.toLowerCase() === name.toLowerCase());
    return { name, at, sign: direction.toLowerCase() === "desc" ? -1 : 1 };
  });
  const unknown = terms.find((it) => it.at === -1 && it.name.toLowerCase() !== "_customobjectkey");
  if (unknown !== undefined) return `The field ${unknown.name} does not exist.`;
  const compare = (a: Numbered, b: Numbered) => {
    for (const { at, sign } of terms) {
      const way =
        at === -1
          ? a.id - b.id
          : compareValues(a.values[at] ?? null, b.values[at] ?? null, fields[at]?.fieldType ?? "Text");
      if (way !== 0) return way * sign;
    }
    return 0;
  };
  return [...rows].sort(compare);
}

/** NULL first, as SQL Server orders. */
export function compareValues(a: string | null, b: string | null, fieldType: string): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (fieldType === "Number" || fieldType === "Decimal") return Number(a) - Number(b);
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A parameter by its name with or without `$`, whatever its case (FACTS 7.1). */
export function param(query: URLSearchParams, name: string): string | undefined {
  for (const [key, value] of query) if (key.replace(/^\$/, "").toLowerCase() === name.toLowerCase()) return value;
  return undefined;
}

function positive(text: string | undefined, most: number, otherwise: number = most): number {
  const value = Math.floor(Number(text ?? Number.NaN));
  return value >= 1 ? Math.min(value, most) : otherwise;
}
