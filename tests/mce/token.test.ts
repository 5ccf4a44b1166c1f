import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { MceDeps } from "#mce/session.ts";
import { openMce, openTokenCache } from "../../src/mce/client.ts";
import type { Answer } from "../../src/mce/failure.ts";
import { isQueryRunning } from "../../src/mce/rest/is-running.ts";
import { mintToken } from "../../src/mce/token-request.ts";
import type { Token } from "../../src/mce/token.ts";
import { access, tokenBody } from "./support/stand-in.ts";
import { mceDeps, platformWith } from "../support/platform.ts";

const start = 1_800_000_000_000;

function tokenUntil(accessToken: string, refreshAt: number): Answer<Token> {
  return { ok: true, value: { accessToken, rest: "r", soap: "s", refreshAt, expiresAt: refreshAt + 120_000 } };
}

/** A clock that stands still. */
const at = (now: number) => platformWith({ now: () => now });

/** A token endpoint behind an injected fetch. */
function endpoint(answer: () => Response | Promise<Response>): MceDeps & { bodies: string[] } {
  const bodies: string[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    bodies.push(typeof init?.body === "string" ? init.body : "");
    return await answer();
  };
  return { bodies, ...mceDeps({ fetch, now: () => start }) };
}

describe("openTokenCache()", () => {
  it("mints once for all callers at the same time", async () => {
    const cache = openTokenCache();
    let minted = 0;
    const mint = async () => {
      minted += 1;
      await Promise.resolve();
      return tokenUntil("t", start + 1000);
    };
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get("k", at(start), mint)));
    expect(minted).toBe(1);
    expect(new Set(answers.map((answer) => answer.ok && answer.value.accessToken))).toEqual(new Set(["t"]));
  });

  it("keeps a token until its refresh is due, by the given clock", async () => {
    const cache = openTokenCache();
    let minted = 0;
    const mint = async () => tokenUntil(`t${(minted += 1)}`, start + 1000);
    await cache.get("k", at(start), mint);
    await cache.get("k", at(start + 999), mint);
    expect(minted).toBe(1);
    await cache.get("k", at(start + 1000), mint);
    expect(minted).toBe(2);
  });

  it("keeps keys apart", async () => {
    const cache = openTokenCache();
    await cache.get("a", at(start), async () => tokenUntil("ta", start + 1000));
    const other = await cache.get("b", at(start), async () => tokenUntil("tb", start + 1000));
    expect(other.ok && other.value.accessToken).toBe("tb");
  });

  it("forgets the expired tokens of other keys when it mints one", async () => {
    const cache = openTokenCache();
    const refreshAt = start + 1000;
    const expiresAt = refreshAt + 120_000;
    await cache.get("old", at(start), async () => tokenUntil("old", refreshAt));
    await cache.get("young", at(start), async () => tokenUntil("young", refreshAt + 1));
    await cache.get("new", at(expiresAt), async () => tokenUntil("new", expiresAt + 1000));
    // A clock set back shows what is still in memory.
    const kept = async (key: string) => {
      const answer = await cache.get(key, at(start), async () => tokenUntil("minted again", expiresAt));
      return answer.ok && answer.value.accessToken;
    };
    expect([await kept("old"), await kept("young")]).toEqual(["minted again", "young"]);
  });

  it("does not keep a failure", async () => {
    const cache = openTokenCache();
    const failure = { kind: "unavailable", retry: "later", effect: "none", message: "down" } as const;
    expect(await cache.get("k", at(start), async () => ({ ok: false, error: failure }))).toEqual({
      ok: false,
      error: failure,
    });
    const next = await cache.get("k", at(start), async () => tokenUntil("t", start + 1000));
    expect(next.ok).toBe(true);
  });

  it("does not wait forever for a request that was canceled elsewhere", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const cache = openTokenCache();
    void cache.get("k", at(start), () => new Promise(() => {}));
    let minted = 0;
    const mint = async () => tokenUntil(`t${(minted += 1)}`, start + 1000);
    const waiting = Promise.all([cache.get("k", at(start), mint), cache.get("k", at(start), mint)]);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(minted).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect((await waiting).map((answer) => answer.ok && answer.value.accessToken)).toEqual(["t1", "t1"]);
  });

  it("forgets a request that threw", async () => {
    const cache = openTokenCache();
    await expect(cache.get("k", at(start), () => Promise.reject(new Error("x")))).rejects.toThrow("x");
    expect((await cache.get("k", at(start), async () => tokenUntil("t", start + 1000))).ok).toBe(true);
  });

  it("drops a refused token, but not the newer one in its place", async () => {
    const cache = openTokenCache();
    let minted = 0;
    const mint = async () => tokenUntil(`t${(minted += 1)}`, start + 1000);
    await cache.get("k", at(start), mint);
    cache.drop("k", "t0");
    await cache.get("k", at(start), mint);
    expect(minted).toBe(1);
    cache.drop("k", "t1");
    await cache.get("k", at(start), mint);
    expect(minted).toBe(2);
  });
});

describe("mintToken()", () => {
  it("asks for the business unit and refreshes 120 s before the end", async () => {
    const door = endpoint(() => Response.json(tokenBody()));
    const token = await mintToken(access, door);
    expect(JSON.parse(door.bodies[0] ?? "")).toEqual({
      grant_type: "client_credentials",
      client_id: access.clientId,
      client_secret: access.clientSecret,
      account_id: access.mid,
    });
    expect(token.ok && [token.value.refreshAt - start, token.value.expiresAt - start]).toEqual([959_000, 1_079_000]);
  });

  it("refreshes a short life after two thirds of it", async () => {
    const token = await mintToken(
      access,
      endpoint(() => Response.json(tokenBody({ expires_in: 60 }))),
    );
    expect(token.ok && token.value.refreshAt - start).toBe(40_000);
  });

  it.each([
    ["another host", { soap_instance_url: "https://evil.example/" }],
    [
      "another tenant's host",
      { rest_instance_url: "https://mc0000000000000000000000evil.rest.marketingcloudapis.com/" },
    ],
    ["no host", { rest_instance_url: undefined }],
    ["no token", { access_token: "" }],
    ["no life", { expires_in: 0 }],
    ["a life in words", { expires_in: "1079" }],
  ])("refuses an answer with %s", async (_, overrides) => {
    const token = await mintToken(
      access,
      endpoint(() => Response.json(tokenBody(overrides))),
    );
    expect(token).toMatchObject({ ok: false, error: { kind: "unavailable", effect: "none" } });
    expect(JSON.stringify(token)).not.toContain("token-1");
  });

  it("calls refused credentials unauthorized, in MCE's words", async () => {
    const body = {
      error: "invalid_client",
      error_description: "Client authentication failed.",
      error_uri: "https://x",
    };
    const token = await mintToken(
      access,
      endpoint(() => Response.json(body, { status: 401 })),
    );
    expect(token).toEqual({
      ok: false,
      error: {
        kind: "unauthorized",
        retry: "never",
        oauth: "invalid_client",
        message: "MCE refuses the connection's credentials (HTTP 401): invalid_client: Client authentication failed.",
      },
    });
  });

  it.each([
    [429, "throttled"],
    [500, "unavailable"],
    [503, "unavailable"],
    [400, "unavailable"],
    [401, "unauthorized"],
    [302, "unavailable"],
  ])("maps HTTP %i to %s", async (status, kind) => {
    const token = await mintToken(
      access,
      endpoint(() => new Response("no", { status })),
    );
    expect(token).toMatchObject({ ok: false, error: { kind } });
  });

  it("sends nothing to a malformed sub-domain", async () => {
    const door = endpoint(() => Response.json(tokenBody()));
    const token = await mintToken({ ...access, subdomain: "evil.example/" }, door);
    expect(token).toMatchObject({ ok: false, error: { kind: "rejected", code: "SUBDOMAIN" } });
    expect(door.bodies).toEqual([]);
  });
});

describe("openMce()", () => {
  it("shares a token between handles of one connection and unit, and no others", async () => {
    let minted = 0;
    const deps = mceDeps({
      async fetch(input) {
        if (!new Request(input).url.endsWith("/v2/token")) return Response.json({ isRunning: false });
        minted += 1;
        return Response.json(tokenBody());
      },
      now: () => start,
    });
    const ask = { objectId: "o" };
    await Promise.all(Array.from({ length: 10 }, () => isQueryRunning(openMce(access, deps), ask)));
    expect(minted).toBe(1);
    await isQueryRunning(openMce({ ...access, mid: 7000012 }, deps), ask);
    expect(minted).toBe(2);
    await isQueryRunning(openMce({ ...access, connectionId: "c_2" }, deps), ask);
    expect(minted).toBe(3);
  });

  it("throws for a sandbox address that is not a URL", () => {
    const deps = endpoint(() => new Response());
    expect(() => openMce(access, { ...deps, sandboxUrl: "127.0.0.1:8080 " })).toThrow(/Cannot open MCE/);
  });

  it("keeps the secret out of what a log would print", () => {
    const deps = endpoint(() => new Response());
    expect(JSON.stringify(openMce(access, deps))).not.toContain(access.clientSecret);
  });
});

it("calls that are refused together all continue with the renewed connection", async () => {
  const renewed = { ...access, clientSecret: "a-secret-of-today" };
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const isToken = (url instanceof Request ? url.url : url.toString()).endsWith("/v2/token");
    if (!isToken) return Response.json({ isRunning: true });
    const isRenewed = typeof init?.body === "string" && init.body.includes(renewed.clientSecret);
    return isRenewed ? Response.json(tokenBody()) : Response.json({ error: "invalid_client" }, { status: 401 });
  };
  const deps = mceDeps({ fetch, now: () => start });
  const mce = openMce(access, { ...deps, renew: async () => renewed });
  const answers = await Promise.all(["1", "2", "3"].map((objectId) => isQueryRunning(mce, { objectId })));
  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
});
