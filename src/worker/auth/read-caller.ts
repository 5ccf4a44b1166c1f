import { err, type Result } from "#lang/result.ts";
import { noCredential, type Caller, type CredentialDeps } from "./caller.ts";
import { readDevelopmentToken } from "./development-token.ts";

/**
 * Reads who calls from `Authorization: Bearer <token>`.
 *
 * @returns in words for the caller: why the token does not count. It does not reveal what is wrong with a forged one
 */
export async function readCaller(request: Request, deps: CredentialDeps): Promise<Result<Caller, string>> {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (token === undefined) return err(noCredential);
  return readDevelopmentToken(token, deps);
}
