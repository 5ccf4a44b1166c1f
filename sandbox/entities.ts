import type { Field, Value } from "./engine/types.ts";

/** What the sandbox keeps of Marketing Cloud's objects. Dates are epoch milliseconds of the sandbox's clock. */
export type Folder = {
  id: number;
  objectId: string;
  customerKey: string;
  name: string;
  description: string;
  contentType: string;
  /** 0 for a root. */
  parentId: number;
  mid: number;
  isActive: boolean;
  isEditable: boolean;
  allowChildren: boolean;
  createdAt: number;
  modifiedAt: number;
};

export type Retention = {
  rowBased: boolean;
  resetOnImport: boolean;
  deleteAtEnd: boolean;
  length?: number;
  /** 3 Days, 4 Weeks, 5 Months, 6 Years (MCE 4.3) */
  unit?: number;
  retainUntil: string;
};

export type DataExtension = {
  objectId: string;
  customerKey: string;
  name: string;
  description: string;
  folderId: number;
  mid: number;
  fields: readonly (Field & { objectId: string })[];
  isSendable: boolean;
  isTestable: boolean;
  sendableField: string;
  sendableSubscriberField: string;
  retention: Retention;
  createdAt: number;
  modifiedAt: number;
  /** Nothing has been written to it yet: only then may its rowset be late. */
  isFresh: boolean;
  /** Made or written to since the seed. */
  isChanged: boolean;
};

export type UpdateType = "Overwrite" | "Append" | "Update";

export type QueryDefinition = {
  objectId: string;
  customerKey: string;
  name: string;
  description: string;
  queryText: string;
  /** The columns the text had when it was saved, which is when `*` is frozen (MCE 8.1). */
  columns: readonly string[];
  targetKey: string;
  targetName: string;
  targetObjectId: string;
  /** Business unit that owns the target: the query's own, or the enterprise for a shared one. */
  targetMid: number;
  updateType: UpdateType;
  folderId: number;
  mid: number;
  status: "Active" | "Inactive";
  createdAt: number;
  modifiedAt: number;
};

/** One run of a query definition, with the behaviours that held when it was performed. */
export type Task = {
  id: number;
  queryObjectId: string;
  queryKey: string;
  queryText: string;
  columns: readonly string[];
  interactionId: string;
  mid: number;
  eid: number;
  targetKey: string;
  targetName: string;
  targetObjectId: string;
  targetMid: number;
  updateType: UpdateType;
  state: "queued" | "processing" | "complete" | "error";
  startedAt: number;
  /** When it left the queue; its duration counts from here. */
  executingAt?: number;
  /** When its rows were written to the target; before its end where rows are visible early. */
  appliedAt?: number;
  endedAt?: number;
  doneAt?: number;
  errorMsg: string;
  rows: number;
  polls: number;
  script: {
    durationMs: number;
    queuedMs: number;
    killAfterMs: number;
    statusMissingPolls: number;
    statusStuck: boolean;
    isRunningLateMs: number;
    rowsetLateMs: number;
    rowsetLateStatus: number;
    rowsVisibleEarly: boolean;
    errorMsg: string | null;
    failedRun: "cleared" | "rolled-back" | "partial";
  };
};

/** One row as the engine gives it, with its `_CustomObjectKey`. */
export type Numbered = { values: readonly Value[]; id: number };

/** A row as a rowset shows it: every value is text. */
export type Item = { keys?: Record<string, string>; values: Record<string, string> };

/** An accepted asynchronous write. Its rows are already written; only its outcome is still asked for. */
export type AsyncWrite = { mid: number; at: number; hasErrors: boolean; message: string };
