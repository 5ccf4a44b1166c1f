import { ConnectionId, Eid, Mid, TenantId, UserId } from "#protocol/ids.ts";
import type { Tenant } from "./postgres.ts";

const enterpriseA = {
  eid: 7000001,
  subdomain: "mcsandbox-enterprise-a000001",
  clientId: "sandbox-client-a",
  clientSecret: "sandbox-secret-a",
};
const enterpriseB = {
  eid: 8000001,
  subdomain: "mcsandbox-enterprise-b000001",
  clientId: "sandbox-client-b",
  clientSecret: "sandbox-secret-b",
};

function tenant(number: number, mid: number, account: typeof enterpriseA): Tenant {
  const id = ConnectionId.parse(`5ab1a6ac-23cd-4cbb-9a08-2d9c1a3c9b2${number}`);
  const tenantId = TenantId.parse(`0b54f4f8-6f0b-4b43-9d63-3a5f3c5b7e1${number}`);
  const userId = UserId.parse(`user-${number}`);
  const tenancy = { tenantId, userId, mid: Mid.parse(mid), eid: Eid.parse(account.eid), connectionId: id };
  return { tenancy, connection: { id, ...account } };
}

/** Two tenants of one enterprise in two business units, and one of another enterprise. */
export const tenants: readonly Tenant[] = [
  tenant(1, 7000001, enterpriseA),
  tenant(2, 7000011, enterpriseA),
  tenant(3, 8000001, enterpriseB),
];
