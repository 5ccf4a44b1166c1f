import type { Capabilities } from "#protocol/capabilities.ts";
import type { Tenancy } from "#protocol/tenancy.ts";
import type { Alphabets } from "./alphabets.ts";
import type { RefusedLooks } from "./refused-looks.ts";
import type { SoapAccounts } from "./soap-accounts.ts";
import type { StatusBoard } from "./status-board.ts";

/** What was probed of a business unit and is not remembered elsewhere; nothing of one that was not probed. */
export type Probed = Partial<Pick<Capabilities, "retention" | "reasons" | "orderBy">>;

/** What the operator's probes found. */
export type ProbedUnits = {
  /**
   * What was probed of a run's business unit. The first time, the memories begin with it: what Marketing Cloud does later
   * changes them as ever.
   */
  startOf(tenancy: Pick<Tenancy, "tenantId" | "eid" | "mid">): Probed;
};

/** What a bridge learns from refusals. */
type Memories = {
  alphabets: Pick<Alphabets, "keepToAscii">;
  refusedLooks: Pick<RefusedLooks, "remember">;
  soapAccounts: Pick<SoapAccounts, "remember">;
  statusBoard: Pick<StatusBoard, "askAlone">;
};

/** Opens what was probed (D49). */
export function openProbedUnits(units: readonly Capabilities[], memories: Memories): ProbedUnits {
  const begun = new Set<string>();
  return {
    startOf({ tenantId, eid, mid }) {
      const probed = units.find((unit) => unit.eid === eid && unit.mid === mid);
      if (probed === undefined) return {};
      const key = `${tenantId}/${mid}`;
      if (begun.has(key)) return probed;
      begun.add(key);
      if (probed.looks === false) memories.refusedLooks.remember({ tenantId, mid });
      if (probed.rowset === false) memories.soapAccounts.remember(tenantId);
      if (probed.otherScripts === false) memories.alphabets.keepToAscii(eid);
      if (probed.statusTakesIn === false) memories.statusBoard.askAlone(eid);
      return probed;
    },
  };
}
