import type { Session } from "../../../scripts/migrations/session.ts";
import { northernTrail, rowsOfTenant, type RowOwner } from "../../dev/support/rows-of-migrations.ts";

/** Whose rows everybody is after. */
export const victim = northernTrail;

/** Somebody else, with rows of the same kinds. */
export const stranger: RowOwner = {
  tenant: "b0000000-0000-4000-8000-00000000000b",
  connection: "b0000000-0000-4000-8000-0000000000c1",
  eid: 8_000_001,
  runs: ["1".repeat(30), "2".repeat(30), "3".repeat(30)],
};

/** Makes a session that was a caller's a superuser's again. (PGlite's RESET leaves it the caller's until the transaction ends.) */
export const comeBack = "set local session authorization sqe_prover";

/** The rows of both tenants, and a role that has no right at all. @param admin a superuser: the owner is bound, too */
export async function seed(admin: Session): Promise<void> {
  for (const owner of [victim, stranger]) {
    for (const rows of Object.values(rowsOfTenant(owner))) await admin.query(rows);
    const keyId = `key${String(owner.eid).slice(0, 5)}`;
    await admin.query(`update sqe.api_keys set key_id = '${keyId}' where tenant_id = '${owner.tenant}'`);
  }
  await admin.query("insert into sqe.installation (jurisdiction) values ('none')");
  await admin.query(
    "drop role if exists sqe_proof, sqe_prover; create role sqe_proof; create role sqe_prover superuser",
  );
}
