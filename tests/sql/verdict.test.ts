import { describe, expect, it } from "vitest";
import { check } from "#sql/check.ts";
import { withVerdict, type MceVerdict } from "#sql/mce-verdict.ts";
import { readText } from "#sql/query.ts";
import { fieldsOf } from "./support/tables.ts";

function said(verdict: Partial<Record<keyof MceVerdict, readonly string[] | boolean>>): MceVerdict {
  const messages = (texts: unknown) => (Array.isArray(texts) ? texts : []).map((text) => ({ text, shown: text }));
  const errors = messages(verdict.errors);
  return { isValid: verdict.isValid === true, errors, warnings: messages(verdict.warnings) };
}

/** The diagnostics of a query with MCE's verdict, as `severity CODE line:column`. */
function judged(sql: string, verdict: Parameters<typeof said>[0]): { ok: boolean; told: string[] } {
  const { ok, diagnostics } = withVerdict(check(sql, fieldsOf), readText(sql), said(verdict));
  return { ok, told: diagnostics.map(({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`) };
}

describe("withVerdict()", () => {
  it("adds what only MCE knows, where it speaks of it", () =>
    expect(judged("SELECT Id\nFROM People", { errors: ["Invalid object name 'People'."] })).toEqual({
      ok: false,
      told: ["error UNKNOWN_TABLE 2:6"],
    }));

  it("makes an error of a warning MCE confirms, once", () =>
    expect(judged("SELECT Id FROM Nowhere", { errors: ["Invalid object name 'Nowhere'."] })).toEqual({
      ok: false,
      told: ["error UNKNOWN_TABLE 1:16"],
    }));

  it("takes a complaint without a name for ours of the same kind", () =>
    expect(
      judged("SELECT Id FROM (SELECT Id FROM People\nORDER BY Id) x", {
        errors: ["The ORDER BY clause is invalid in views, …"],
      }).told,
    ).toEqual(["error ORDER_BY_WITHOUT_TOP 2:1"]));

  it("lets MCE's compiler overrule our reading of names", () =>
    expect(judged("SELECT Foo FROM People", { isValid: true })).toEqual({
      ok: true,
      told: ["warning UNKNOWN_COLUMN 1:8"],
    }));

  it("keeps MCE's own rules, which are checked at save only", () =>
    expect(judged("SELECT Id FROM (SELECT Id FROM People ORDER BY Id) x", { isValid: true }).ok).toBe(false));

  it("leaves out complaints that splicing settles", () => {
    const errors = ["No column name was specified for column 1 of 'querydef'."];
    expect(judged("SELECT COUNT(*) FROM People", { errors })).toEqual({ ok: true, told: [] });
  });

  it("never calls a refusal without a reason valid", () =>
    expect(judged("SELECT Id FROM People", {})).toEqual({ ok: false, told: ["error MCE_REFUSED 1:1"] }));

  it("keeps MCE's warnings warnings", () =>
    expect(judged("SELECT Id FROM People", { isValid: true, warnings: ["Something unusual"] })).toEqual({
      ok: true,
      told: ["warning MCE_WARNING 1:1"],
    }));
});
