import type { Expression } from "../syntax/expression-tree.ts";
import type { SqlType } from "../types/sql-type.ts";

/** A function call: its argument expressions and their types, side by side; `within` is the type WITHIN GROUP orders by. */
export type Call = { args: readonly Expression[]; types: readonly SqlType[]; within?: SqlType };

/** How a function's result type follows from its call. */
export type Typing = (call: Call) => SqlType;

/** The functions of one family by upper-cased name. */
export type Family = Readonly<Record<string, Typing>>;
