import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";
import { z } from "zod";
import type { Platform } from "#async/platform.ts";
import { hostsOf } from "#mce/hosts.ts";
import { exchange } from "#mce/http.ts";

/** Who a token is for, as Marketing Cloud says. */
export type UserInfo = {
  userId: string;
  eid: number;
  mid: number;
  enterpriseName?: string;
  userName?: string;
  email?: string;
};

const text = z.string().trim().min(1).max(200).optional().catch(undefined);
const number = z.coerce.number().int().positive();
const sub = z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(200));

const Nested = z.object({
  user: z.object({ sub, name: text, email: text }),
  organization: z.object({ member_id: number, enterprise_id: number, enterprise_name: text }),
});
const Flat = z.object({ sub, name: text, email: text, enterprise_id: number, member_id: number });

/** Slower answers are given up: a person is waiting. */
const patienceMs = 15_000;
const maxBytes = 256 * 1024;

/** Asks Marketing Cloud whose an access token is. @returns undefined without an answer that says so */
export async function readUserInfo(
  platform: Pick<Platform, "fetch" | "timeout">,
  at: { subdomain: string; sandboxUrl?: string },
  accessToken: string,
): Promise<UserInfo | undefined> {
  const hosts = hostsOf(at.subdomain, at.sandboxUrl);
  if (hosts === undefined) return undefined;
  const answer = await exchange(platform, {
    name: "AUTH userinfo",
    method: "GET",
    url: `${hosts.auth}/v2/userinfo`,
    headers: { authorization: `Bearer ${accessToken}`, accept: "application/json" },
    timeoutMs: patienceMs,
    maxBytes,
    effect: "none",
  });
  return answer.ok && answer.value.status === 200 ? readUser(answer.value.text) : undefined;
}

/** Reads the answer of userinfo, nested as it was captured or flat as one peer expects (MCE 1.6). */
function readUser(body: string): UserInfo | undefined {
  const json = readJson(body);
  const nested = Nested.safeParse(json);
  if (nested.success) {
    const { user, organization } = nested.data;
    return {
      userId: user.sub,
      eid: organization.enterprise_id,
      mid: organization.member_id,
      ...given({ enterpriseName: organization.enterprise_name, userName: user.name, email: user.email }),
    };
  }
  const flat = Flat.safeParse(json);
  if (!flat.success) return undefined;
  const { sub: userId, name: userName, email, enterprise_id: eid, member_id: mid } = flat.data;
  return { userId, eid, mid, ...given({ userName, email }) };
}
