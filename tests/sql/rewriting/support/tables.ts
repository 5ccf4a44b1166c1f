import type { TableField } from "#sql/fields.ts";
import type { Tables } from "./engines.ts";

const text = (name: string, maxLength: number): TableField => ({ name, fieldType: "Text", maxLength });

const words = ["ann", "Bo", "cy", "DEE", "eve", "Fay", "gus"];

/** Two small tables with repeats and gaps, in no order; all texts, so that any column goes with any other. */
export const smallTables: Tables = {
  Members: {
    fields: [text("MemberID", 9), text("Name", 50), text("Points", 9), text("City", 20)],
    rows: Array.from({ length: 40 }, (_, index) => {
      const id = ((index * 7) % 40) + 1;
      const points = id % 9 === 0 ? null : String((id * 37) % 20);
      return [String(id), words[id % 7] ?? "", points, id % 5 === 0 ? null : `c${id % 4}`];
    }),
  },
  Orders: {
    fields: [text("OrderID", 9), text("MemberID", 9), text("SKU", 20), text("Qty", 9)],
    rows: Array.from({ length: 60 }, (_, index) => {
      const id = ((index * 11) % 60) + 1;
      return [String(id), String(((id * 13) % 45) + 1), `s${id % 6}`, id % 7 === 0 ? null : String(id % 10)];
    }),
  },
};
