// The door of the package `sqe`; this repository imports the files themselves.
export { createClient, type Client, type ClientOptions, type RunOptions } from "./client.ts";
export { SqeError, type SqeErrorFacts } from "./sqe-error.ts";
export type { AccountCalls } from "./account-calls.ts";
export type { ApiKey, Handoff, HandoffAnswer, NewApiKey, Scope, ShortLivedToken } from "./account-types.ts";
export type { AdministratorCalls } from "./administrator-calls.ts";
export type { AuditEntry, Connection, Member, NewConnection, Tenant } from "./administrator-types.ts";
export type { CheckAnswer, CheckOptions, Diagnostic, Edit, FieldFit } from "./check-types.ts";
export type { Cancelable } from "./cancelable.ts";
export type { HandoffCalls } from "./handoff-calls.ts";
export type { Token } from "./request.ts";
export type { Cell, Column, ResultPage, Row, RowPage } from "./result-page.ts";
export type { PageOptions, Run } from "./run.ts";
export type { Parameter, RunFailure, RunState, Target, Timings } from "./run-state.ts";
export type { SchemaCalls } from "./schema-calls.ts";
export type {
  DataView,
  DataViewField,
  Field,
  Folder,
  ListOptions,
  Me,
  QueryActivity,
  QueryActivityEntry,
  SqlFunction,
  Table,
  TableFields,
  TableKind,
  TableOptions,
} from "./schema-types.ts";
export type { Link, WatchOptions } from "./watch.ts";
