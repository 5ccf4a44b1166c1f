/** The tenants whose rowsets did not answer, so that rows had to be read by SOAP. In memory only: losing it costs time. */
export type SoapAccounts = {
  needsSoap(tenantId: string): boolean;
  remember(tenantId: string): void;
  /** A rowset has answered again. */
  forget(tenantId: string): void;
};

/** How long rows are read by SOAP first, unless a rowset answers before that. */
const keptMs = 60 * 60 * 1000;
const tenantsMax = 1000;

/** Opens an empty memory. @param now milliseconds of a monotonic clock */
export function openSoapAccounts(now: () => number): SoapAccounts {
  const until = new Map<string, number>();
  return {
    needsSoap: (tenantId) => (until.get(tenantId) ?? -Infinity) > now(),
    remember(tenantId) {
      until.delete(tenantId);
      // The oldest goes first: a map keeps insertion order.
      for (const oldest of until.keys()) if (until.size >= tenantsMax) until.delete(oldest);
      until.set(tenantId, now() + keptMs);
    },
    forget: (tenantId) => void until.delete(tenantId),
  };
}
