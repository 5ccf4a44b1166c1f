import { needsKey } from "../convert/key.ts";
import type { Context } from "./model.ts";
import { keySql } from "./expr.ts";
import { limitClause, rankedCut } from "./cut.ts";
import { orderClause, type OrderItem, type Output } from "./order.ts";
import type { Cut } from "./top.ts";

/**
 * What one grouping set of a SELECT prints; without ROLLUP or CUBE a SELECT has one. `isTotal` when all its rows
 * are one group.
 */
export type Block = {
  outputs: readonly Output[];
  group: string;
  having: string;
  order: readonly OrderItem[];
  isTotal: boolean;
};

/** A translated SELECT before it is printed. */
export type Core = {
  blocks: readonly [Block, ...Block[]];
  from: () => string;
  where: string;
  cut?: Cut;
  isDistinct: boolean;
};

type Keys = ReadonlySet<number>;

/** SELECT … HAVING without its order; FROM is printed last, when all keys it must carry are known. */
function body(context: Context, core: Core, block: Block, keys: Keys, orders: readonly OrderItem[] = []): string {
  // SQLite makes one group of all rows only when the select list has an aggregate.
  const shown = (sql: string, at: number): string =>
    block.isTotal && at === 0 ? `CASE WHEN count(*) >= 0 THEN ${sql} END` : sql;
  const values = block.outputs.map(({ expr }, at) => `${shown(expr.sql, at)} AS c${at}`);
  const keyed = block.outputs.flatMap(({ expr }, at) => (keys.has(at) ? [`${keySql(context, expr)} AS k${at}`] : []));
  const ordered = orders.map(({ key }, at) => `${key} AS o${at}`);
  const columns = [...values, ...keyed, ...ordered].join(", ");
  return `${columns}${core.from()}${core.where}${block.group}${block.having}`;
}

/** `c0, k0, …` of an alias that carries them. */
function carried(outputs: readonly Output[], keys: Keys, alias: string): string {
  return outputs
    .map((_output, at) => `${alias}.c${at} AS c${at}${keys.has(at) ? `, ${alias}.k${at} AS k${at}` : ""}`)
    .join(", ");
}

function printDistinct(context: Context, core: Core, keys: Keys): string {
  const [block] = core.blocks;
  const { cut } = core;
  const { outputs, order } = block;
  const all = new Set(outputs.flatMap(({ expr }, at) => (needsKey(expr.type) ? [at] : [])));
  const place = (at: number): string => `d.${all.has(at) ? "k" : "c"}${at}`;
  const columns = outputs.map((_output, at) => `d.c${at} AS c${at}${keys.has(at) ? `, ${place(at)} AS k${at}` : ""}`);
  const group = `FROM (SELECT ${body(context, core, block, all)}) AS d GROUP BY ${outputs.map((_output, at) => place(at)).join(", ")}`;
  const placed = order.map((item) => ({ ...item, key: place(item.output ?? 0) }));
  if (cut === undefined || !(cut.isPercent || cut.withTies))
    return `SELECT ${columns.join(", ")} ${group}${orderClause(placed)}${limitClause(cut)}`;
  const orders = placed.map(({ key }, at) => `, ${key} AS o${at}`).join("");
  return rankedCut(context, `SELECT ${columns.join(", ")}${orders} ${group}`, carried(outputs, keys, "@"), placed, cut);
}

/** The SELECT in SQLite's text, giving `c0, c1, …` and the keys asked for. */
export function printCore(context: Context, core: Core, keys: Keys): string {
  const { blocks, cut, isDistinct } = core;
  const [{ outputs, order }] = blocks;
  const isRanked = cut !== undefined && (cut.isPercent || cut.withTies);
  if (isDistinct) {
    const isPlain = !isRanked && keys.size === 0 && order.length === 0 && cut === undefined;
    if (!isPlain || outputs.some(({ expr }) => needsKey(expr.type))) return printDistinct(context, core, keys);
    return `SELECT DISTINCT ${body(context, core, blocks[0], keys)}`;
  }
  if (blocks.length === 1 && !isRanked)
    return `SELECT ${body(context, core, blocks[0], keys)}${orderClause(order)}${limitClause(cut)}`;
  const inner = blocks.map((block) => `SELECT ${body(context, core, block, keys, block.order)}`).join(" UNION ALL ");
  if (cut !== undefined && isRanked) return rankedCut(context, inner, carried(outputs, keys, "@"), order, cut);
  const placed = order.map((item, at) => ({ ...item, key: `g.o${at}` }));
  return `SELECT ${carried(outputs, keys, "g")} FROM (${inner}) AS g${orderClause(placed)}${limitClause(cut)}`;
}
