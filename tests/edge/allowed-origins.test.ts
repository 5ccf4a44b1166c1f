import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { readConfig } from "../../src/worker/config.ts";
import { app } from "../../src/worker/app.ts";
import { alice, bindings, tokenOf } from "./support/people.ts";

const { NEON_FETCH_ENDPOINT: _neon, MCE_SANDBOX_URL: _sandbox, ...real } = bindings;
const production = {
  ...real,
  SQE_ENV: "production",
  NEON_FETCH_ENDPOINT: undefined,
  MCE_SANDBOX_URL: undefined,
  SQE_SANDBOX_TOKEN: undefined,
};
const ide = "https://ide.example";
const withIde = { SQE_ALLOWED_ORIGINS: `https://other.example:8443, ${ide}` };

/** The answer to a browser's question before a request. */
function preflight(origin: string, variables: object, path = "/v1/runs", method = "POST"): Promise<Response> {
  const headers = {
    origin,
    "access-control-request-method": method,
    "access-control-request-headers": "authorization",
  };
  return Promise.resolve(
    app.request(`https://edge.example${path}`, { method: "OPTIONS", headers }, { ...env, ...variables }),
  );
}

async function allowed(origin: string, variables: object): Promise<string | null> {
  return (await preflight(origin, variables)).headers.get("access-control-allow-origin");
}

it.each(["http://localhost:3000", "http://127.0.0.1:8000", "https://localhost", "http://[::1]:5173"])(
  "pages of this machine may call the API in development, and only then: %s",
  async (origin) => {
    expect(await allowed(origin, {})).toBe(origin);
    expect(await allowed(origin, production)).toBeNull();
    expect(await allowed(origin, { ...production, SQE_ALLOWED_ORIGINS: origin })).toBe(origin);
  },
);

it.each(["https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example:80", "null"])(
  "no other page may: %s",
  async (origin) => {
    expect([await allowed(origin, {}), await allowed(origin, withIde)]).toEqual([null, null]);
  },
);

it.each([`${ide}.evil.example`, "http://ide.example", `${ide}:8443`, "https://a.ide.example", "https://other.example"])(
  "SQE_ALLOWED_ORIGINS means whole origins: %s is none of them",
  async (origin) => {
    expect([await allowed(ide, withIde), await allowed(origin, withIde)]).toEqual([ide, null]);
  },
);

it("an allowed page reads every header of an answer that a client needs, and sends no cookie", async () => {
  const headers = { origin: ide, authorization: `Bearer ${await tokenOf(alice)}` };
  const answer = await app.request("https://edge.example/v1/runs", { headers }, { ...env, ...production, ...withIde });
  const exposed = answer.headers.get("access-control-expose-headers")?.split(",");
  expect(exposed).toEqual(["Location", "ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Trace-Id"]);
  const asked = await preflight(ide, withIde);
  expect(asked.headers.get("access-control-allow-headers")).toBe("authorization");
  for (const { headers: said } of [answer, asked]) {
    expect(said.get("access-control-allow-origin")).toBe(ide);
    expect(said.get("access-control-allow-credentials")).toBeNull();
    expect(said.get("vary")).toMatch(/\borigin\b/i);
  }
});

it.each(["*", "ide.example", "https://ide.example/", "http://ide.example", "https://*.example", "null"])(
  "SQE_ALLOWED_ORIGINS=%s is refused at the start",
  (SQE_ALLOWED_ORIGINS) => {
    expect(() => readConfig({ ...bindings, SQE_ALLOWED_ORIGINS })).toThrow("SQE_ALLOWED_ORIGINS is not usable");
  },
);
