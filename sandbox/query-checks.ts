import type { DataExtension, QueryDefinition, UpdateType } from "./entities.ts";
import { ownTargetRefused } from "./engine/query/check.ts";
import { checkerPrefix } from "./engine/rules/text-rules.ts";
import { rootFolder, targetByKey } from "./store.ts";
import { scopeOf, type World } from "./world.ts";

/** A query definition to create, over SOAP or REST. */
export type WantedQuery = {
  name: string;
  customerKey: string;
  description: string;
  queryText: string;
  targetKey: string;
  /** SOAP wants it beside the key; REST does not. */
  targetName: string | undefined;
  updateType: string;
  /** Absent: the root of queries. */
  folderId: number | undefined;
};

export type Place = { world: World; mid: number; eid: number; now: number };
/** Why a query was not created; `about` is what is wrong with it. */
export type Refused = { kind: "refused"; about: "target" | "sql" | "other"; message: string };
export type Created = { kind: "created"; query: QueryDefinition } | Refused;

const updateTypes: Record<string, UpdateType> = {
  overwrite: "Overwrite",
  append: "Append",
  add: "Append",
  update: "Update",
};
const refused = (message: string, about: Refused["about"] = "other"): Refused => ({ kind: "refused", about, message });

/** Limits of MCE 4.4: longer ones are cut silently. */
const longestName = 64;
const longestKey = 36;

/** Whether a name has letters beyond ASCII. */
export function hasOtherLetters(name: string): boolean {
  return !/^[ -~]*$/.test(name);
}

/** Creates a query definition after the checks that MCE makes when it is saved (MCE 5.1, 5.2). */
export function createQuery(wanted: WantedQuery, place: Place): Created {
  const { world, mid, now } = place;
  const name = wanted.name.slice(0, longestName);
  const customerKey = wanted.customerKey.slice(0, longestKey);
  if (name === "") return refused("A query name is required.");
  if (world.behaviours.asciiNamesOnly && hasOtherLetters(name)) return refused(`The query name ${name} is invalid.`);
  const updateType = updateTypes[wanted.updateType.trim().toLowerCase()];
  if (updateType === undefined) return refused(`The target update type ${wanted.updateType} is invalid.`);
  const used = checkUnique(name, customerKey, place);
  if (used !== undefined) return refused(used);
  const folder = folderOf(wanted.folderId, place);
  if (folder === undefined) return refused(`The category ID ${wanted.folderId} is invalid.`);
  const target = targetByKey(world.store, mid, place.eid, wanted.targetKey);
  if (
    target === undefined ||
    (wanted.targetName !== undefined && wanted.targetName.toLowerCase() !== target.name.toLowerCase())
  ) {
    return refused(`The target data extension ${wanted.targetKey} was not found.`, "target");
  }
  const numbering = numberingRefusal(wanted.queryText, place);
  if (numbering !== undefined) return refused(savingError(numbering), "sql");
  const checked = checkText(wanted.queryText, { target, updateType }, place);
  if (checked.kind === "wrong") return refused(savingError(checked.message), "sql");
  const query: QueryDefinition = {
    objectId: world.random.guid(),
    customerKey: customerKey === "" ? world.random.guid().toUpperCase() : customerKey,
    name,
    description: wanted.description,
    queryText: wanted.queryText,
    columns: checked.columns,
    targetKey: target.customerKey,
    targetName: target.name,
    targetObjectId: target.objectId,
    targetMid: target.mid,
    updateType,
    folderId: folder,
    mid,
    status: "Active",
    createdAt: now,
    modifiedAt: now,
  };
  world.store.queries.push(query);
  return { kind: "created", query };
}

/** What to change of a query definition; absent parts stay. */
export type QueryChange = {
  [Part in "name" | "description" | "queryText" | "targetKey" | "updateType"]?: string | undefined;
} & { folderId?: number | undefined };

/** Changes a query definition after the checks of a save; undefined when it is changed, else the reason why not. */
export function changeQuery(query: QueryDefinition, change: QueryChange, place: Place): string | undefined {
  const { world, mid, eid, now } = place;
  const name = (change.name ?? query.name).slice(0, longestName);
  const isRenamed = name.toLowerCase() !== query.name.toLowerCase();
  const used = isRenamed ? checkUnique(name, "", place) : undefined;
  if (used !== undefined) return used;
  const updateType = updateTypes[(change.updateType ?? query.updateType).trim().toLowerCase()];
  if (updateType === undefined) return `The target update type ${change.updateType} is invalid.`;
  const folder = change.folderId === undefined ? query.folderId : folderOf(change.folderId, place);
  if (folder === undefined) return `The category ID ${change.folderId} is invalid.`;
  const target = targetByKey(world.store, mid, eid, change.targetKey ?? query.targetKey);
  if (target === undefined) return `The target data extension ${change.targetKey ?? query.targetKey} was not found.`;
  const queryText = change.queryText ?? query.queryText;
  const numbering = numberingRefusal(queryText, place);
  if (numbering !== undefined) return savingError(numbering);
  const checked = checkText(queryText, { target, updateType }, place);
  if (checked.kind === "wrong") return savingError(checked.message);
  Object.assign(query, {
    name,
    description: change.description ?? query.description,
    queryText,
    columns: checked.columns,
    updateType,
    folderId: folder,
    targetKey: target.customerKey,
    targetName: target.name,
    targetObjectId: target.objectId,
    targetMid: target.mid,
    modifiedAt: now,
  } satisfies Partial<QueryDefinition>);
  return undefined;
}

/** The service names the query's field, except where the target is wrong (MCE 5.1). */
function savingError(message: string): string {
  return message === ownTargetRefused || message === sendableRefused
    ? message
    : `Error saving the Query field. ${message}`;
}

/** What an account answers that takes no numbered rows when a query is saved, although its validate does; an assumption. */
function numberingRefusal(sql: string, { world }: Place): string | undefined {
  const isRefused = world.behaviours.numberingRefused && /\bROW_NUMBER\s*\(/i.test(sql);
  return isRefused ? `${checkerPrefix}Incorrect syntax near 'ROW_NUMBER'.` : undefined;
}

const sendableRefused = "Could not build exclusion text for unknown subscriber field type _Subscriber Key.";

/** The columns of a text that MCE would save, or why it would not. */
export function checkText(
  sql: string,
  into: { target: DataExtension; updateType: UpdateType } | undefined,
  place: Place,
): { kind: "fine"; columns: string[] } | { kind: "wrong"; message: string } {
  const { world, mid, now } = place;
  const target =
    into &&
    ({
      name: into.target.mid === mid ? into.target.name : `Ent.${into.target.name}`,
      fields: into.target.fields,
      updateType: into.updateType,
      mayBeRead: world.behaviours.overwriteOwnTarget === "empty",
    } as const);
  const checked = world.engine.check(sql, scopeOf(world, place, now), target);
  if (checked.kind === "refused") return { kind: "wrong", message: checked.message };
  if (into?.target.isSendable === true && world.behaviours.sendableTarget === "refuse") {
    return { kind: "wrong", message: sendableRefused };
  }
  return { kind: "fine", columns: checked.columns.map(({ name }) => name) };
}

/** Name and key are unique among the queries of the business unit that are not deleted. */
function checkUnique(name: string, key: string, { world, mid }: Place): string | undefined {
  const active = world.store.queries.filter((it) => it.mid === mid && it.status === "Active");
  const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  if (world.behaviours.duplicateQueryName === "refuse" && active.some((it) => isSame(it.name, name))) {
    return `A query definition named ${name} already exists.`;
  }
  if (key !== "" && active.some((it) => isSame(it.customerKey, key))) {
    return `A query definition with the customer key ${key} already exists.`;
  }
  return undefined;
}

/** Any folder of the business unit will do (MCE 3.4); 0 and unknown ids will not. */
function folderOf(id: number | undefined, { world, mid }: Place): number | undefined {
  if (id === undefined) return rootFolder(world.store, mid, "queryactivity")?.id;
  return world.store.folders.find((it) => it.mid === mid && it.id === id)?.id;
}
