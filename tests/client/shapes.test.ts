import { expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { AuditEntryShape, ConnectionShape, MemberShape, TenantShape } from "#api/administrator-calls.ts";
import type { ApiKeyShape, NewApiKeyShape, ShortLivedTokenShape } from "#api/key-calls.ts";
import type { CheckShape } from "#api/shapes/check.ts";
import type { ResultPageShape } from "#api/shapes/result-page.ts";
import type { RunShape } from "#api/shapes/run.ts";
import type { DataViewShape, SqlFunctionShape } from "#api/shapes/sql-catalogue.ts";
import type { FolderShape, TableFieldsShape, TableShape } from "#api/shapes/table.ts";
import type { ApiKey, NewApiKey, Scope, ShortLivedToken } from "#client/account-types.ts";
import type { AuditEntry, Connection, Member, Tenant } from "#client/administrator-types.ts";
import type { CheckAnswer } from "#client/check-types.ts";
import type { ResultPage } from "#client/result-page.ts";
import type { Scope as AnyScope } from "#protocol/scope.ts";
import type { RunState } from "#client/run-state.ts";
import type { DataView, Folder, SqlFunction, Table, TableFields } from "#client/schema-types.ts";

// The client has types of its own, without zod. What the API answers has to fit them, member by member, or this file does
// not compile.

/** A shape of the API as its JSON is: an optional member is absent, not undefined. */
type Json<T> = T extends readonly (infer U)[]
  ? readonly Json<U>[]
  : T extends object
    ? { [K in keyof T as undefined extends T[K] ? never : K]: Json<T[K]> } & {
        [K in keyof T as undefined extends T[K] ? K : never]?: Json<Exclude<T[K], undefined>>;
      }
    : T;

type Shape<T extends z.ZodType> = Json<z.infer<T>>;
test("what the API answers fits the types of the client, and no member is missing there", () => {
  expectTypeOf<Shape<typeof RunShape>>().toExtend<RunState>();
  // `debug` is for operators; the others come with a later version of the API.
  expectTypeOf<keyof RunState>().toExtend<keyof z.infer<typeof RunShape> | "truncated">();
  expectTypeOf<Exclude<keyof z.infer<typeof RunShape>, "debug">>().toExtend<keyof RunState>();
  expectTypeOf<Shape<typeof ResultPageShape>>().toExtend<ResultPage>();
  expectTypeOf<keyof z.infer<typeof ResultPageShape>>().toEqualTypeOf<keyof ResultPage>();
  expectTypeOf<Shape<typeof CheckShape>>().toExtend<CheckAnswer>();
  expectTypeOf<keyof z.infer<typeof CheckShape>>().toEqualTypeOf<keyof CheckAnswer>();
  expectTypeOf<Shape<typeof TableShape>>().toExtend<Table>();
  expectTypeOf<Shape<typeof FolderShape>>().toExtend<Folder>();
  expectTypeOf<Shape<typeof TableFieldsShape>>().toExtend<TableFields>();
  expectTypeOf<Shape<typeof SqlFunctionShape>>().toExtend<SqlFunction>();
  expectTypeOf<keyof z.infer<typeof SqlFunctionShape>>().toEqualTypeOf<keyof SqlFunction>();
  expectTypeOf<Shape<typeof ApiKeyShape>>().toExtend<ApiKey>();
  expectTypeOf<keyof z.infer<typeof ApiKeyShape>>().toEqualTypeOf<keyof ApiKey>();
  expectTypeOf<Shape<typeof NewApiKeyShape>>().toExtend<NewApiKey>();
  expectTypeOf<Shape<typeof ShortLivedTokenShape>>().toExtend<ShortLivedToken>();
  expectTypeOf<keyof z.infer<typeof ShortLivedTokenShape>>().toEqualTypeOf<keyof ShortLivedToken>();
  expectTypeOf<Shape<typeof ConnectionShape>>().toExtend<Connection>();
  expectTypeOf<keyof z.infer<typeof ConnectionShape>>().toEqualTypeOf<keyof Connection>();
  expectTypeOf<Shape<typeof MemberShape>>().toExtend<Member>();
  expectTypeOf<keyof z.infer<typeof MemberShape>>().toEqualTypeOf<keyof Member>();
  expectTypeOf<Shape<typeof TenantShape>>().toExtend<Tenant>();
  expectTypeOf<keyof z.infer<typeof TenantShape>>().toEqualTypeOf<keyof Tenant>();
  expectTypeOf<keyof z.infer<typeof AuditEntryShape>>().toEqualTypeOf<keyof AuditEntry>();
  expectTypeOf<z.infer<typeof AnyScope>>().toEqualTypeOf<Scope>();
  expectTypeOf<Shape<typeof DataViewShape>>().toExtend<DataView>();
  expectTypeOf<keyof z.infer<typeof DataViewShape>>().toEqualTypeOf<keyof DataView>();
  expectTypeOf<keyof z.infer<typeof DataViewShape>["fields"][number]>().toEqualTypeOf<
    keyof DataView["fields"][number]
  >();
});
