import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import type { AppEnv } from "../app-types.ts";
import { openText, sealText } from "./sealed-text.ts";

const Facts = z.object({
  state: z.string(),
  verifier: z.string(),
  subdomain: z.string(),
  clientId: z.string(),
  packageId: z.uuid().optional(),
  /** Where to go afterwards: a path of ours. */
  next: z.string(),
  invitation: z.string().optional(),
});

/** What is remembered of a sign-in until the browser comes back from Marketing Cloud. */
export type SignInMemory = z.infer<typeof Facts>;

const cookie = {
  prefix: "host",
  httpOnly: true,
  secure: true,
  sameSite: "None",
  partitioned: true,
  path: "/",
} as const;
const name = "sqe-in";
const lifeMs = 10 * 60_000;

/** Remembers a sign-in in the browser, sealed, for ten minutes. */
export async function rememberSignIn(c: Context<AppEnv>, memory: SignInMemory): Promise<void> {
  const { clients } = c.var;
  const value = await sealText(await clients.vault, "sqe-sign-in", memory, clients.platform.now() + lifeMs);
  setCookie(c, name, value, { ...cookie, maxAge: lifeMs / 1000 });
}

/** Takes the sign-in that this browser began; it is forgotten, whatever comes of it. */
export async function takeSignIn(c: Context<AppEnv>): Promise<SignInMemory | undefined> {
  const text = getCookie(c, name, "host");
  deleteCookie(c, name, cookie);
  if (text === undefined) return undefined;
  const { clients } = c.var;
  return Facts.safeParse(await openText(await clients.vault, "sqe-sign-in", text, clients.platform.now())).data;
}
