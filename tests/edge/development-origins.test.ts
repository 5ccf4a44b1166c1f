import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { app } from "../../src/worker/app.ts";
import { bindings } from "./support/people.ts";

const { NEON_FETCH_ENDPOINT: _neon, MCE_SANDBOX_URL: _sandbox, ...real } = bindings;

/** The origin that a browser's question before a request is answered with. */
async function allowed(origin: string, variables: object): Promise<string | null> {
  const headers = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  };
  const init = { method: "OPTIONS", headers };
  const answer = await app.request("https://edge.example/v1/runs", init, { ...env, ...variables });
  return answer.headers.get("access-control-allow-origin");
}

it.each(["http://localhost:3000", "http://127.0.0.1:8000", "https://localhost", "http://[::1]:5173"])(
  "pages of this machine may call the API in development, and only then: %s",
  async (origin) => {
    expect(await allowed(origin, {})).toBe(origin);
    expect(
      await allowed(origin, {
        ...real,
        SQE_ENV: "production",
        NEON_FETCH_ENDPOINT: undefined,
        MCE_SANDBOX_URL: undefined,
      }),
    ).toBeNull();
  },
);

it.each(["https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example:80", "null"])(
  "no other page may: %s",
  async (origin) => {
    expect(await allowed(origin, {})).toBeNull();
  },
);
