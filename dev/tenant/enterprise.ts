import { z } from "zod";
import type { Platform } from "#async/platform.ts";
import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";
import { hostsOf } from "#mce/hosts.ts";
import { exchange } from "#mce/http.ts";

/** The enterprise that a business unit belongs to. */
export type Enterprise = { eid: number; name?: string };

const Organization = z.object({
  enterprise_id: z.int().positive(),
  enterprise_name: z.string().optional().catch(undefined),
});
/** Nested as it was captured, or flat as the tests of one client know it (MCE 1.6, 13). */
const UserInfo = z.union([
  z.object({ organization: Organization }).transform(({ organization }) => organization),
  Organization,
]);

const timeoutMs = 10_000;
const maxBytes = 256 * 1024;

/** Asks which enterprise a token is of (MCE 1.6). @returns undefined when Marketing Cloud does not say */
export async function readEnterprise(
  platform: Pick<Platform, "fetch" | "timeout">,
  at: { accessToken: string; subdomain: string; sandboxUrl?: string },
): Promise<Enterprise | undefined> {
  const hosts = hostsOf(at.subdomain, at.sandboxUrl);
  if (hosts === undefined) return undefined;
  const answer = await exchange(platform, {
    name: "AUTH userinfo",
    method: "GET",
    url: `${hosts.auth}/v2/userinfo`,
    headers: { authorization: `Bearer ${at.accessToken}`, accept: "application/json" },
    timeoutMs,
    maxBytes,
    effect: "none",
  });
  if (!answer.ok || answer.value.status !== 200) return undefined;
  const said = UserInfo.safeParse(readJson(answer.value.text));
  if (!said.success) return undefined;
  return { eid: said.data.enterprise_id, ...given({ name: said.data.enterprise_name }) };
}
