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

/** Who asks: the part of a tenancy that decides whether a run is one's own (R14). */
export type Owner = Pick<Tenancy, "tenantId" | "userId">;

/** A user sees only runs of the same tenant that are the user's own; everything else is "not found". */
export function isOwner(run: Owner, caller: Owner): boolean {
  return run.tenantId === caller.tenantId && run.userId === caller.userId;
}
