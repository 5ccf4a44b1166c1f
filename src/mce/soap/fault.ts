import { given } from "#lang/given.ts";
import { at, child, textAt, type XmlElement } from "./parse.ts";

/** A SOAP fault: its role and text, with the service's code and message if a server fault has them. */
export type Fault = { role: string; text: string; code?: string; detail?: string };

/** Reads the fault of a SOAP 1.1 or 1.2 body. @returns undefined when there is none */
export function faultOf(body: XmlElement | undefined): Fault | undefined {
  const fault = child(body, "Fault");
  if (fault === undefined) return undefined;
  const role = (textAt(fault, "faultcode") ?? textAt(fault, "Code", "Value") ?? "").trim();
  const apiFault = at(fault, "detail", "apifault") ?? at(fault, "Detail", "apifault");
  const code = textAt(apiFault, "Code");
  const detail = textAt(apiFault, "Message");
  return {
    role: role.slice(role.lastIndexOf(":") + 1),
    text: textAt(fault, "faultstring") ?? textAt(fault, "Reason", "Text") ?? detail ?? "no reason",
    ...given({ code: code?.trim(), detail }),
  };
}

/** Whether the security layer refused the call before anything was done: `Token Expired`, `Login Failed`, missing header (MCE 2.5). */
export function isTokenRefusal({ role, text }: Fault): boolean {
  return role === "Security" || /token expired|login failed/i.test(text);
}
