import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { given } from "#lang/given.ts";
import { readJson } from "#lang/json.ts";
import { NotSignedIn, UsageError } from "./exit-code.ts";
import { namedProfile, profileName, readProfile } from "./profiles.ts";
import type { Terminal } from "./terminal.ts";

/** Where the engine is, and the token to call it with. */
export type Connection = { url: string; token?: string };

/** What was found of both, and where the token comes from, for a person. */
export type Found = { url?: string; token?: string; from?: string };

const howTo =
  "Set SQE_URL to its address and SQE_TOKEN to a token, sign in with sqe login --url ADDRESS, or call sqe below a folder where `npm run dev` is running";

/**
 * Finds the engine, as `lookAround` does.
 *
 * @throws UsageError when there is none
 */
export function findConnection(terminal: Pick<Terminal, "env" | "cwd">, profile?: string): Connection {
  const { url, token } = lookAround(terminal, profile);
  if (url === undefined) throw new UsageError(`Cannot tell where the engine is. ${howTo}`);
  return { url, ...given({ token }) };
}

/**
 * Looks for the engine and a token: `SQE_URL` and `SQE_TOKEN`; then the profile that was named; else the stack that
 * `npm run dev` runs in this folder or one above, and the usual profile. What belongs to one address is sent to no other.
 *
 * @throws NotSignedIn when a profile was named that does not exist
 */
export function lookAround({ env, cwd }: Pick<Terminal, "env" | "cwd">, profile?: string): Found {
  const url = addressOf(env);
  const token = env["SQE_TOKEN"]?.trim() || undefined;
  if (url !== undefined && token !== undefined) return { url, token, from: "SQE_TOKEN" };
  const places = placesOf({ env, cwd }, profile);
  const address = url ?? places[0]?.url;
  if (token !== undefined) return { token, from: "SQE_TOKEN", ...given({ url: address }) };
  const place = places.find((it) => address !== undefined && isSameOrigin(it.url, address));
  return given({ url: address, token: place?.token, from: place?.from });
}

/** `SQE_URL`. @throws UsageError when it is no address */
export function addressOf(env: Terminal["env"]): string | undefined {
  const url = env["SQE_URL"]?.trim() || undefined;
  if (url !== undefined && !URL.canParse(url)) throw new UsageError(`SQE_URL is no address: ${url}`);
  return url;
}

type Place = { url: string; token?: string; from: string };

function placesOf(terminal: Pick<Terminal, "env" | "cwd">, option: string | undefined): Place[] {
  const name = profileName(terminal, option);
  const profile = placeOfProfile(terminal, name);
  if (namedProfile(terminal, option) !== undefined) {
    if (profile === undefined) throw new NotSignedIn(`There is no profile "${name}": sqe login --profile ${name}`);
    return [profile];
  }
  const stack = findStack(terminal.env, terminal.cwd);
  // Who signed in to the stack is meant; a profile of elsewhere must not catch what is tried below a stack's folder.
  const isOfStack = profile !== undefined && stack !== undefined && isSameOrigin(profile.url, stack.url);
  const places = isOfStack ? [profile, stack] : [stack, profile];
  return places.filter((it) => it !== undefined);
}

function placeOfProfile(terminal: Pick<Terminal, "env">, name: string): Place | undefined {
  const profile = readProfile(terminal, name);
  if (profile === undefined) return undefined;
  const token = profile.keys.find(({ mid }) => mid === profile.mid)?.key;
  return { url: profile.url, from: `profile "${name}"`, ...given({ token }) };
}

function isSameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin;
}

function findStack(env: Terminal["env"], cwd: string): Place | undefined {
  const name = env["SQE_DEV_DIR"] || ".dev";
  for (let dir = resolve(cwd); ; dir = dirname(dir)) {
    const stack = readStack(join(resolve(dir, name), "stack.json"));
    if (stack !== undefined || dir === dirname(dir)) return stack;
  }
}

function readStack(path: string): Place | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  // Only the stack writes this file; it removes it when it ends.
  const file = readJson(text) as { edge?: string; tokens?: { alice?: string } } | undefined;
  const { edge, tokens } = file ?? {};
  if (edge === undefined || tokens?.alice === undefined) return undefined;
  return { url: edge, token: tokens.alice, from: "npm run dev" };
}
