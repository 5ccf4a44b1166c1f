import type { Column } from "./result-page.ts";
import type { Parameter, Target } from "./run-state.ts";
import type { Cancelable } from "./cancelable.ts";

/** A change of the text that mends a finding: 1-based lines and columns in UTF-16 units, the end exclusive. */
export type Edit = { line: number; column: number; endLine: number; endColumn: number; text: string };

/** One finding about a query, with its place in the text. An error would fail in Marketing Cloud. */
export type Diagnostic = {
  code: string;
  /** An error when absent. */
  severity?: "error" | "warning" | "info";
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** What to do about it, in words. */
  fix?: string;
  /** Marketing Cloud's own words, row values masked. */
  mce?: string;
  /** What to do about it, as changes of the text; all of them together. */
  edits?: readonly Edit[];
};

/** How one field of a target gets its value. */
export type FieldFit = {
  field: string;
  column?: string;
  verdict: "fits" | "may-cut" | "may-fail" | "unfilled" | "missing" | "refused";
  message?: string;
};

/** What there is to say about a query that was not run. */
export type CheckAnswer = {
  /** None of the diagnostics is an error. */
  ok: boolean;
  diagnostics: readonly Diagnostic[];
  tables: readonly { name: string; ent: boolean; isDataView: boolean }[];
  /** Empty when they cannot be known. */
  columns: readonly Column[];
  /** Includes what could not be checked. */
  notes: readonly string[];
  /** The text that Marketing Cloud would get. */
  runs?: string;
  /** The text to save in Automation Studio. */
  portable?: string;
  /** How the query goes into the target that it was checked against. */
  target?: {
    fits: boolean;
    fields: readonly FieldFit[];
    /** Why a run would be refused. */
    reasons: readonly { message: string; fix?: string }[];
  };
};

/** What to check a query against. */
export type CheckOptions = Cancelable & {
  target?: Target;
  parameters?: readonly Parameter[];
  /** false: without Marketing Cloud's own check, which costs a call to it. */
  validate?: boolean;
};
