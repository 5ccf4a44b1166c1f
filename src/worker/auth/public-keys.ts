import type { JSONWebKeySet } from "jose";
import { z } from "zod";
import type { Platform } from "#async/platform.ts";
import { readJson } from "#lang/json.ts";
import { keptFor } from "#lang/kept-for.ts";
import { err, ok, type Result } from "#lang/result.ts";

/** The public keys of trusted issuers, as their JWKS addresses answer. */
export type PublicKeys = {
  /**
   * Reads the keys at an address.
   *
   * @param isNewWanted a token names a key that the known ones lack; asked again at most twice a minute
   * @returns why they cannot be read
   */
  read(url: string, isNewWanted: boolean): Promise<Result<JSONWebKeySet, string>>;
};

/** An issuer that takes a key away is believed for this long. */
const keptMs = 10 * 60_000;
const againMs = 30_000;
const patienceMs = 3000;
/** A key is about 1 KB. */
const maxBytes = 64 * 1024;
const addressesMax = 200;

const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(50) });

/** Opens an empty cache. Requests never share a pending call: workerd cancels it with the request that made it. */
export function openPublicKeys(
  platform: Pick<Platform, "fetch" | "now" | "timeout">,
  isHttpAllowed: boolean,
): PublicKeys {
  const bound = { max: addressesMax, weightOf: () => 1 };
  const kept = keptFor<JSONWebKeySet>(keptMs, () => platform.now(), bound);
  const asked = keptFor<true>(againMs, () => platform.now(), bound);
  return {
    async read(url, isNewWanted) {
      const known = kept.get(url);
      if (known !== undefined && (!isNewWanted || asked.get(url) === true)) return ok(known);
      if (!isHttpAllowed && !url.startsWith("https://")) return err("its address is not https");
      asked.set(url, true);
      const read = await ask(platform, url);
      if (read.ok) kept.set(url, read.value);
      // Better the keys of before than none.
      return !read.ok && known !== undefined ? ok(known) : read;
    },
  };
}

async function ask(platform: Pick<Platform, "fetch" | "timeout">, url: string): Promise<Result<JSONWebKeySet, string>> {
  try {
    const signal = platform.timeout(patienceMs);
    const answer = await platform.fetch(url, { headers: { accept: "application/json" }, redirect: "manual", signal });
    if (answer.status !== 200) return err(`its address answers ${answer.status}`);
    const text = await readText(answer);
    const keys = Keys.safeParse(text === undefined ? undefined : readJson(text));
    return keys.success ? ok(keys.data) : err("its address answers no key set");
  } catch {
    return err("its address does not answer");
  }
}

async function readText(answer: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let [bytes, text] = [0, ""];
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
