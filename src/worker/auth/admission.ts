import { given } from "#lang/given.ts";
import { admitComer, type Admission, type Comer } from "#db/admission.ts";
import type { Clients } from "../clients.ts";
import { sha256 } from "#protocol/signature.ts";

/** A one-time invitation, as it stands in its link: `<id>.<secret>`. */
export type Invitation = { id: string; secret: string };

/** Reads an invitation. @returns undefined for a text of another form */
export function readInvitation(text: string): Invitation | undefined {
  const [, id, secret] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{16,100})$/.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Decides whether somebody whom Marketing Cloud has named may come in: the one place where that is decided (D51). */
export async function admit(
  { config, systemDatabase }: Pick<Clients, "config" | "systemDatabase">,
  who: Comer,
  invitation: Invitation | undefined,
): Promise<Admission> {
  const isOpen = config.SQE_OPEN_SIGN_IN === "on";
  const shown = invitation && { id: invitation.id, hash: await sha256(invitation.secret) };
  return admitComer(systemDatabase, who, { isOpen, ...given({ invitation: shown }) });
}
