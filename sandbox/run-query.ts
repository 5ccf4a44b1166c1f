import type { Applied } from "./engine/scope.ts";
import type { DataExtension, Task } from "./entities.ts";
import { scopeOf, type World } from "./world.ts";

/** Runs a query into its target with the engine; a switch decides what a failed run leaves there (MCE 8.1, 13). */
export function runQuery(world: World, task: Task, target: DataExtension, now: number): Applied {
  const { engine } = world;
  const isOverwrite = task.updateType === "Overwrite";
  const before =
    isOverwrite && task.script.failedRun === "rolled-back" ? engine.readRows(target.mid, target.name) : undefined;
  const isElsewhere = target.mid !== task.mid;
  const applied =
    isElsewhere || task.script.failedRun === "partial"
      ? rowsInto(world, task, target, now)
      : atOnce(world, task, target, now);
  if (applied.kind === "failed" && before !== undefined) {
    engine.clearTable(target.mid, target.name);
    engine.insertRows(target.mid, target.name, before);
  }
  return applied;
}

/** Writes all rows but the last, as a run that fails there does where failed runs leave rows (MCE 13). */
export function leaveRows(world: World, task: Task, target: DataExtension, now: number): void {
  if (task.script.failedRun === "partial") rowsInto(world, task, target, now, "all but the last");
}

/** The text to run: as saved, or only its frozen columns when a table it reads by `*` has grown since (MCE 8.1). */
function textOf(world: World, task: Task, now: number): string {
  const checked = world.engine.check(task.queryText, scopeOf(world, task, now));
  const given = checked.kind === "fine" ? checked.columns.map(({ name }) => name) : task.columns;
  if (given.length === task.columns.length) return task.queryText;
  const names = task.columns.map((it) => `querydef.[${it.replaceAll("]", "]]")}]`);
  return `SELECT ${names.join(", ")} FROM (${task.queryText}\n) AS querydef`;
}

function atOnce(world: World, task: Task, target: DataExtension, now: number): Applied {
  const { engine, behaviours } = world;
  const sql = textOf(world, task, now);
  const scope = scopeOf(world, task, now);
  const { name } = target;
  const mayBeRead = behaviours.overwriteOwnTarget === "empty";
  if (task.updateType !== "Overwrite" || !mayBeRead) {
    return engine.run(sql, scope, { name, updateType: task.updateType, mayBeRead });
  }
  // An overwrite that reads its own target finds it empty: emptied beforehand, it is an append.
  engine.clearTable(target.mid, name);
  return engine.run(sql, scope, { name, updateType: "Append", mayBeRead });
}

/** Selects first, then writes: into a shared target of the enterprise (MCE 4.7), or row by row until one fails. */
function rowsInto(
  world: World,
  task: Task,
  target: DataExtension,
  now: number,
  which: "all" | "all but the last" = "all",
): Applied {
  const { engine } = world;
  const { mid, name } = target;
  const selected = engine.select(textOf(world, task, now), scopeOf(world, task, now));
  if (task.updateType === "Overwrite") engine.clearTable(mid, name);
  if (selected.kind === "refused") return { kind: "failed", message: selected.message };
  const columns = selected.columns.map((column) => column.name.toLowerCase());
  const places = target.fields.map((field) => columns.indexOf(field.name.toLowerCase()));
  const written = which === "all" ? selected.rows : selected.rows.slice(0, -1);
  const rows = written.map((row) => places.map((at) => row[at] ?? null));
  const mode = task.updateType === "Update" ? "update" : "append";
  if (task.script.failedRun !== "partial") return engine.insertRows(mid, name, rows, mode);
  for (const row of rows) {
    const one = engine.insertRows(mid, name, [row], mode);
    if (one.kind === "failed") return one;
  }
  return { kind: "applied", rows: rows.length };
}
