import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { app } from "../../src/worker/app.ts";
import { scheduled } from "../../src/worker/cron/scheduled.ts";
import { stubOf } from "../../src/worker/watch/run-stub.ts";
import { submit } from "./support/api.ts";
import { alice, bindings, tokenOf } from "./support/people.ts";

const changed = (variables: Record<string, unknown>): Env => Object.assign({ ...env }, variables);
const european = changed({ SQE_JURISDICTION: "eu" });

/** A namespace that knows jurisdictions, as Cloudflare's does and workerd's does not: the stub says where it is from. */
function namespace(place: string): Record<string, unknown> {
  return {
    idFromName: (name: string) => ({ place, name }),
    get: ({ place: of, name }: { place: string; name: string }) => ({ from: `${place}: ${of}/${name}` }),
    jurisdiction: (inner: string) => namespace(inner),
  };
}

it("stubOf() reaches objects in the jurisdiction only, in production", () => {
  const stub = (variables: Record<string, unknown>) =>
    stubOf(changed({ RUNS: namespace("world"), ...variables }), "r1");
  expect(stub({ SQE_ENV: "production", SQE_JURISDICTION: "eu" })).toEqual({ from: "eu: eu/r1" });
  expect(stub({ SQE_ENV: undefined, SQE_JURISDICTION: "eu" })).toEqual({ from: "eu: eu/r1" });
  expect(stub({ SQE_ENV: "production" })).toEqual({ from: "world: world/r1" });
  expect(stub({ SQE_ENV: "rehearsal", SQE_JURISDICTION: "eu" })).toEqual({ from: "world: world/r1" });
});

it("workerd knows no jurisdictions yet; once it does, a rehearsal can have them", () => {
  expect(() => env.RUNS.jurisdiction("eu")).toThrow("Jurisdiction restrictions are not implemented in workerd");
});

it("a Worker whose jurisdiction differs from that of the runs refuses, and /healthz says what to do", async () => {
  // The choice was made without a jurisdiction.
  await submit();
  const healthz = await app.request("/healthz", {}, european);
  expect(healthz.status).toBe(503);
  expect(await healthz.json()).toMatchObject({
    detail: 'Cannot start: the runs of this database live in jurisdiction "none", not "eu"; remove SQE_JURISDICTION',
  });
  const headers = { authorization: `Bearer ${await tokenOf(alice)}`, "content-type": "application/json" };
  const submission = { method: "POST", headers, body: JSON.stringify({ sql: "SELECT 1 AS A" }) };
  expect((await app.request("/v1/runs", submission, european)).status).toBe(503);
  // To its reconciler every live run would seem lost.
  const reconciler = scheduled(createScheduledController({ cron: "*/2 * * * *" }), changed({ SQE_JURISDICTION: "eu" }));
  await expect(reconciler).rejects.toThrow('live in jurisdiction "none"');
});

it("a Worker refuses a jurisdiction that there is not, by name", async () => {
  const answer = await app.request("/healthz", {}, { ...bindings, RUNS: {}, RUN_LIMIT: {}, SQE_JURISDICTION: "moon" });
  expect(JSON.stringify(await answer.json())).toMatch(/SQE_JURISDICTION is not usable(?!.*moon)/);
});
