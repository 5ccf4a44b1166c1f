import { given } from "#lang/given.ts";
import type { Capabilities } from "#protocol/capabilities.ts";
import type { Findings, Verdict } from "./findings.ts";

/** What an engine can begin with (D49): only what was settled. Pure. */
export function capabilitiesOf(findings: Findings, unit: Pick<Capabilities, "eid" | "mid">): Capabilities {
  const { look, statusTakesIn, rowsetDown, otherScripts, retention, soapReasons, restReasons, rowsetOrderBy } =
    findings;
  return {
    eid: unit.eid,
    mid: unit.mid,
    ...given({
      looks: taken(look),
      statusTakesIn,
      rowset: rowsetDown === undefined ? undefined : rowsetDown === null,
      otherScripts: taken(otherScripts),
      retention: taken(retention),
      reasons: reasonsOf(soapReasons, restReasons),
      orderBy: rowsetOrderBy,
    }),
  };
}

function taken(verdict: Verdict | undefined): boolean | undefined {
  return verdict === undefined ? undefined : verdict === "taken";
}

/** REST only where it gives what SOAP does not: SOAP is what all other clients use. */
function reasonsOf(soap: boolean | undefined, rest: boolean | undefined): Capabilities["reasons"] {
  if (soap === true) return "soap";
  return soap === false && rest === true ? "rest" : undefined;
}
