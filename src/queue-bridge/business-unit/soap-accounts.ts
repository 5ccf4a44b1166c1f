/** The enterprises whose rowsets did not answer, so that rows had to be read by SOAP. In memory only: what is lost costs patience. */
export type SoapAccounts = {
  needsSoap(tenantId: string): boolean;
  remember(tenantId: string): void;
  /** A rowset has answered again. */
  forget(tenantId: string): void;
};

/** An account that was mended and never asks again within an hour has lost nothing. */
const keptMs = 60 * 60 * 1000;
const most = 1000;

/** @param now milliseconds that only ever grow */
export function openSoapAccounts(now: () => number): SoapAccounts {
  const until = new Map<string, number>();
  return {
    needsSoap: (tenantId) => (until.get(tenantId) ?? -Infinity) > now(),
    remember(tenantId) {
      until.delete(tenantId);
      // The oldest goes first: a map keeps the order of entry.
      for (const oldest of until.keys()) if (until.size >= most) until.delete(oldest);
      until.set(tenantId, now() + keptMs);
    },
    forget: (tenantId) => void until.delete(tenantId),
  };
}
