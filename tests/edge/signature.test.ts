import { expect, it } from "vitest";
import { sign, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import { ask, bodyOf, submit } from "./support/api.ts";
import { bindings } from "./support/people.ts";

const body = JSON.stringify({ claimId: crypto.randomUUID() });

type Spoil = {
  secret?: string;
  /** How far the signer's clock is off, in milliseconds. */
  skewMs?: number;
  /** What was signed, where it is not what is sent. */
  signed?: { method?: string; path?: string; body?: string };
  headers?: Record<string, string>;
};

async function claim(spoil: Spoil = {}): Promise<Response> {
  const { id } = await submit();
  const path = `/bridge/runs/${id}/claim`;
  const timestamp = String(Date.now() + (spoil.skewMs ?? 0));
  const request = { method: "POST", path, timestamp, body, ...spoil.signed };
  const signature = await sign(spoil.secret ?? bindings["BRIDGE_SECRET"] ?? "", request);
  const headers = { authorization: "", [timestampHeader]: timestamp, [signatureHeader]: signature, ...spoil.headers };
  return ask(path, { method: "POST", body, headers });
}

it("the bridge's door accepts the newest secret and the one before", async () => {
  expect((await claim()).status).toBe(200);
  expect((await claim({ secret: bindings["BRIDGE_SECRET_PREVIOUS"] ?? "" })).status).toBe(200);
});

it.each<[string, Spoil]>([
  ["another secret", { secret: "some other secret, long enough" }],
  ["another body", { signed: { body: "{}" } }],
  ["another run", { signed: { path: `/bridge/runs/${"0".repeat(30)}/claim` } }],
  ["another method", { signed: { method: "GET" } }],
  ["no signature", { headers: { [signatureHeader]: "" } }],
  ["a signature that is no hex", { headers: { [signatureHeader]: "x".repeat(64) } }],
  ["another time than the one that was signed", { headers: { [timestampHeader]: "1" } }],
  ["another secret and a wrong clock", { secret: "some other secret, long enough", skewMs: -3_600_000 }],
])("the bridge's door refuses %s, and does not mention the clock", async (_, spoil) => {
  const answer = await claim(spoil);
  expect([answer.status, await answer.json()]).toMatchObject([401, { code: "UNAUTHENTICATED" }]);
});

it.each([-61_000, 61_000])(
  "the bridge's door answers a clock that is %i ms off with the right time",
  async (skewMs) => {
    const answer = await claim({ skewMs });
    const { code, now } = await bodyOf<{ code: string; now: number }>(answer);
    expect([answer.status, code, Math.abs(now - Date.now()) < 5000]).toEqual([401, "CLOCK_SKEW", true]);
  },
);

it.each([-55_000, 55_000])("the bridge's door accepts a clock that is %i ms off", async (skewMs) => {
  expect((await claim({ skewMs })).status).toBe(200);
});

it("a user's token opens nothing there", async () => {
  const { id } = await submit();
  expect((await ask(`/bridge/runs/${id}/claim`, { method: "POST", body })).status).toBe(401);
});
