import { z } from "zod";
import { ColumnShape } from "./column.ts";

/** What a table is. Shared and synchronized ones belong to the enterprise. */
export const TableKind = z.enum(["data-extension", "shared", "synchronized", "data-view"]);

/** A table as a list shows it. */
export const TableShape = z
  .object({
    name: z
      .string()
      .meta({ description: "As it is written after FROM, without brackets; with `Ent.` where that is needed" }),
    key: z.string().optional().meta({ description: "Its CustomerKey; data views have none" }),
    kind: TableKind,
    folderId: z.int().optional(),
    description: z.string().optional(),
  })
  .meta({ id: "Table" });

/** A folder of tables. */
export const FolderShape = z
  .object({
    id: z.int(),
    name: z.string(),
    parentId: z.int().meta({ description: "0: a root" }),
    kind: z.enum(["data-extension", "shared", "synchronized"]),
  })
  .meta({ id: "Folder" });

const size = z.int().positive().optional();

/** A field of a table. */
export const FieldShape = z
  .object({
    name: z.string(),
    type: ColumnShape.shape.type,
    maxLength: size,
    precision: size,
    scale: z.int().min(0).optional(),
    isPrimaryKey: z.boolean(),
    isRequired: z.boolean(),
    zone: z
      .enum(["server", "utc"])
      .optional()
      .meta({ description: "The zone of a Date, where it is proven: Marketing Cloud's own (UTC-6) or UTC" }),
    description: z.string().optional(),
  })
  .meta({ id: "Field" });

/** A table with its fields. */
export const TableFieldsShape = z
  .object({ name: z.string(), key: z.string().optional(), kind: TableKind, fields: z.array(FieldShape) })
  .meta({ id: "TableFields" });
