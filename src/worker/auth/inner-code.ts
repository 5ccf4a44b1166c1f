import { z } from "zod";
import { readJson } from "#lang/json.ts";

const Wrapped = z.object({ auth_code: z.string().min(1).max(4096) });

/**
 * Finds the code inside the code: in MCE's frame the callback may bring a text of parts between dots, one of which names the
 * real one as `auth_code` in base64url (MCE 1.5).
 */
export function innerCode(code: string): string | undefined {
  if (!code.includes(".")) return undefined;
  for (const part of code.split(".")) {
    const wrapped = Wrapped.safeParse(readJson(fromBase64Url(part) ?? ""));
    if (wrapped.success) return wrapped.data.auth_code;
  }
  return undefined;
}

function fromBase64Url(text: string): string | undefined {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
}
