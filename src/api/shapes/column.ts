import { Column } from "#protocol/column.ts";

/** One column of a result, as the engine's programs know it. */
export const ColumnShape = Column.meta({ id: "Column" });
