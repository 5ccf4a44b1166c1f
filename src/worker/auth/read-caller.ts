import { err, type Result } from "#lang/result.ts";
import { readApiKey } from "./api-key.ts";
import { noCredential, type Caller, type CredentialDeps } from "./caller.ts";
import { isDevelopmentToken, readDevelopmentToken } from "./development-token.ts";
import { readIssuerToken } from "./issuer-token.ts";
import { readOperatorKey } from "./operator-key.ts";
import { isShortLived, readShortLived } from "./short-lived-token.ts";

/**
 * Reads who calls from `Authorization: Bearer <credential>`.
 *
 * @returns in words for the caller: why the credential does not count. It does not reveal what is wrong with a forged one
 * @throws when Postgres or an issuer's keys are needed and do not answer
 */
export async function readCaller(request: Request, deps: CredentialDeps): Promise<Result<Caller, string>> {
  const [, credential] = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (credential === undefined) return err(noCredential);
  if (credential.startsWith("sqe_")) return readApiKey(credential, deps);
  if (credential.startsWith("sqeop_")) return readOperatorKey(credential, deps);
  if (isShortLived(credential)) return readShortLived(credential, deps);
  return isDevelopmentToken(credential, deps)
    ? readDevelopmentToken(credential, deps)
    : readIssuerToken(credential, deps);
}
