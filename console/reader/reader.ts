/**
 * The reader of SQL, as the page needs it: the same code that checks queries at the edge. It is loaded after the editor is
 * there, so that typing never waits for it.
 */
export { check } from "#sql/check.ts";
export { tablesToAsk } from "#sql/infer.ts";
export { placedIn, withParameters } from "#sql/parameters.ts";
export { readText } from "#sql/query.ts";
export { readQuery, type QueryReading } from "#sql/syntax/read-query.ts";
export { scopeAt, type ScopeAt, type ScopeTable } from "#sql/syntax/scope-at.ts";
export { asWritten, bracketed } from "#sql/text/splice.ts";
export { keysOf } from "#sql/view-keys.ts";
