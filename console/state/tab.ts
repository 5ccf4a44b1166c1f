import type { CheckAnswer } from "#client/check-types.ts";
import type { Parameter } from "#client/run-state.ts";
import type { Job } from "./job.ts";

/** What the result pane shows of a run. */
export type ResultView = "rows" | "columns" | "timeline";

/** What is known of a text: the remarks on it, and what a check of the edge added. */
export type Findings = {
  /** The text that this is about. */
  sql: string;
  diagnostics: CheckAnswer["diagnostics"];
  columns: CheckAnswer["columns"];
  notes: readonly string[];
  /** Who has looked at it so far. */
  by: "reader" | "edge" | "marketing-cloud";
  /** Why nobody but the reader could look. */
  unchecked?: string;
};

/** A query with its last run. */
export type Tab = {
  id: string;
  name: string;
  /** The text, as the editor has it. */
  sql: string;
  /** Whether part of the text is selected: then that part runs. */
  hasSelection: boolean;
  /** By lower-cased name, without its sign. */
  parameters: Readonly<Record<string, Pick<Parameter, "type"> & { text: string }>>;
  findings?: Findings | undefined;
  job?: Job | undefined;
  view: ResultView;
  /** The run has ended, and nobody has seen it. */
  isUnseen: boolean;
};

/** A tab without a text. @param number names it */
export function newTab(number: number, members: Partial<Tab> = {}): Tab {
  return {
    id: crypto.randomUUID(),
    name: `Query ${number}`,
    sql: "",
    hasSelection: false,
    parameters: {},
    view: "rows",
    isUnseen: false,
    ...members,
  };
}
