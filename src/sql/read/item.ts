import type { SqlType } from "../types/sql-type.ts";
import type { Column, Relation } from "./scope.ts";

/** A column of a star: which relation's, so that it can be written out. */
export type StarColumn = { relation: Relation; column: Column };

/** One item of a select list: what a star stands for, or an expression's type and name. */
export type Item =
  | {
      kind: "star";
      columns: StarColumn[];
      relations: readonly Relation[];
      isOpen: boolean;
      /** `t.*` */
      isQualified: boolean;
    }
  | { kind: "expression"; type: SqlType; name: string | undefined; suggestion?: string };
