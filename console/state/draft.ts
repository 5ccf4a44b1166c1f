import { kept } from "./kept.ts";
import type { Tab } from "./tab.ts";

/** A tab as this browser keeps it: name, text, which run it shows, and its place among the others. */
export type Draft = Pick<Tab, "name" | "sql" | "parameters"> & { runId?: string; at: number };

/** The draft that is kept under a key. */
export function readDraft(key: string): Draft | undefined {
  return asDraft(kept(key));
}

/** What was kept as a draft, if it is one. */
export function asDraft(value: unknown): Draft | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, sql, parameters, at } = value as Partial<Record<keyof Draft, unknown>>;
  const isWhole = typeof name === "string" && typeof sql === "string" && typeof at === "number";
  // What the line above has not looked at is what this page has written.
  return isWhole && typeof parameters === "object" && parameters !== null ? (value as Draft) : undefined;
}
