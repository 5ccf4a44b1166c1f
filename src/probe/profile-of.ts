import { given } from "#lang/given.ts";
import type { Findings, Verdict } from "./findings.ts";

/**
 * Switches that make the sandbox behave as the tenant did: what `POST /sandbox/behaviours` takes. What was not settled stays
 * as the profile `realistic` has it. Pure.
 */
export function profileOf(findings: Findings): Record<string, unknown> {
  const { rowsetTokenLifeMs, rowsetLateStatus, isRunningKeyStatus, absentDeleteCode, rowsetOrderBy } = findings;
  const { durationMs, statusMissingPolls, isRunningLateMs, rowsetLateMs, keylessKeys } = findings;
  const { statusStuck, statusTakesIn, statusWithoutKeys, statusValueLeftOut, localizedRoots } = findings;
  const { rowsVisibleEarly, rowsetFilter, deleteStopsQuery, rowsetDown } = findings;
  return {
    profile: "realistic",
    ...given({ durationMs, statusMissingPolls, statusStuck, statusTakesIn, statusWithoutKeys, statusValueLeftOut }),
    ...given({ isRunningLateMs, rowsetLateMs, rowsVisibleEarly, rowsetTokenLifeMs, localizedRoots }),
    ...given({ rowsetFilter, rowsetOrderBy, keylessKeys, deleteStopsQuery }),
    ...given({
      isRunningKeyStatus: oneOf(isRunningKeyStatus, [400, 404]),
      rowsetLateStatus: oneOf(rowsetLateStatus, [400, 404]),
      rowsetDown: rowsetDown === null ? null : oneOf(rowsetDown, [400, 403, 404, 500, 503]),
      absentDeleteCode: oneOf(Number(absentDeleteCode), [310_002, 310_007]),
      retentionRefused: refused(findings.retention),
      asciiNamesOnly: refused(findings.otherScripts),
      numberingRefused: refused(findings.numbering),
      cteAccepted: taken(findings.cte),
      validateDown: not(findings.validateAnswers),
      // Where saving takes it, too, the sandbox has no such switch.
      validateOrderBy: findings.orderWithoutTop === "taken" ? undefined : findings.validateTakesOrder,
      duplicateQueryName: words(findings.sameQueryName, "allow", "refuse"),
      leadingParenthesis: words(findings.leadingParenthesis, "accept", "refuse"),
      overwriteOwnTarget: words(findings.ownTarget, "empty", "refuse"),
      soapRowKey: words(findings.soapRowKey, "answer", "refuse"),
      soapSqlRefusal: findings.soapReasons === undefined ? undefined : findings.soapReasons ? "reason" : "generic",
      nameBlockedMs: findings.nameAfterDelete === "taken" ? 0 : undefined,
    }),
  };
}

function oneOf(value: number | undefined, known: readonly number[]): number | undefined {
  return value !== undefined && known.includes(value) ? value : undefined;
}

function taken(verdict: Verdict | undefined): boolean | undefined {
  return verdict === undefined ? undefined : verdict === "taken";
}

function refused(verdict: Verdict | undefined): boolean | undefined {
  return not(taken(verdict));
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function words<T>(verdict: Verdict | undefined, whenTaken: T, whenRefused: T): T | undefined {
  return verdict === undefined ? undefined : verdict === "taken" ? whenTaken : whenRefused;
}
