import { z } from "zod";
import { ConnectionId, Eid, Mid, TenantId, UserId } from "./ids.ts";

/** Who a run belongs to and whose MCE access it uses (R1). */
export const Tenancy = z.object({
  tenantId: TenantId,
  userId: UserId,
  mid: Mid,
  eid: Eid,
  connectionId: ConnectionId,
});
export type Tenancy = z.infer<typeof Tenancy>;

/** A business unit of a tenant, by its MID. Its runs share access, folders, slots and the call budget. */
export type BusinessUnit = { tenantId: string; mid: number };

/** The part of a tenancy that decides who may see a run (R14). */
export type Owner = Pick<Tenancy, "tenantId" | "userId">;

/** Whether the caller may see a run: users see only their own runs in their own tenant; all others are "not found". */
export function isOwner(run: Owner, caller: Owner): boolean {
  return run.tenantId === caller.tenantId && run.userId === caller.userId;
}
