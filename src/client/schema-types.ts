import type { Cancelable } from "./cancelable.ts";

/** What a table is. Shared and synchronized ones belong to the enterprise. */
export type TableKind = "data-extension" | "shared" | "synchronized" | "data-view";

/** A table; its name is what stands after FROM, without brackets. */
export type Table = { name: string; key?: string; kind: TableKind; folderId?: number; description?: string };

/** A folder of tables; a root has parent 0. */
export type Folder = { id: number; name: string; parentId: number; kind: string };

/** A field of a table. */
export type Field = {
  name: string;
  type: string;
  maxLength?: number;
  precision?: number;
  scale?: number;
  isPrimaryKey: boolean;
  isRequired: boolean;
  zone?: "server" | "utc";
  description?: string;
};

/** A table with its fields, in their order. */
export type TableFields = { name: string; key?: string; kind: TableKind; fields: readonly Field[] };

/** A function of T-SQL, and what is different in Marketing Cloud; `evidence` says whether Marketing Cloud has it. */
export type SqlFunction = {
  name: string;
  signature: string;
  summary: string;
  returns: string;
  trap?: string;
  evidence: "usual" | "disputed" | "newer" | "foreign";
};

/** A field of a data view; an unlisted one answers to its name, but no star stands for it. */
export type DataViewField = Field & { isUnlisted?: true };

/** One of Marketing Cloud's data views, and by which columns it is joined to others. */
export type DataView = {
  name: string;
  summary: string;
  where: string;
  keeps?: string;
  trap?: string;
  fields: readonly DataViewField[];
  isComplete: boolean;
  joins: readonly { view: string; on: readonly { column: string; other: string }[] }[];
};

/** A Query Activity of Automation Studio, as a list shows it. */
export type QueryActivityEntry = { name: string; key: string; folderId?: number; modifiedAt?: string };

/** A Query Activity with its SQL, as it stands in Marketing Cloud. */
export type QueryActivity = QueryActivityEntry & {
  sql: string;
  target?: { key: string; name: string; mode: "overwrite" | "append" | "update" };
};

type BusinessUnit = { mid: number; name?: string };

/** Who calls, where, and what is allowed. */
export type Me = {
  user: { id: string; name?: string; email?: string };
  tenant: { id: string; name: string };
  businessUnit: BusinessUnit;
  businessUnits: readonly BusinessUnit[];
  scopes: readonly string[];
  isAdmin: boolean;
  /** null: no limit. */
  limits: {
    runsPerMinute: number | null;
    activeRuns: number;
    checksPerMinute: number | null;
    validationsPerMinute: number | null;
    activeRunsPerUser: number | null;
    streamsPerUser: number | null;
  };
};

/** Which part of a list by name to read. */
export type ListOptions = Cancelable & {
  /** A part of the name, in any case. */
  q?: string;
  limit?: number;
  /** `cursor` of the page before. */
  cursor?: string;
};

/** Which tables to list. `refresh` asks Marketing Cloud again; otherwise the answer may be 5 minutes old. */
export type TableOptions = ListOptions & { kind?: TableKind; folder?: number; refresh?: boolean };
