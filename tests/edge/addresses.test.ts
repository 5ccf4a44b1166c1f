import { expect, it } from "vitest";
import { app } from "../../src/worker/app.ts";
import { openApi } from "../../src/worker/openapi.ts";
import { ask, bodyOf } from "./support/api.ts";

const nobody = { headers: { authorization: "" } };

it("openApi describes every public route, and nothing else", async () => {
  const served = app.routes
    .filter(({ method, path }) => method !== "ALL" && !path.startsWith("/bridge/"))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/, "{$1}")}`);
  const described = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual([...new Set(served)].sort());
});

it("GET /openapi.json and GET /healthz answer to everybody", async () => {
  expect(await (await ask("/healthz", nobody)).json()).toEqual({ ok: true });
  expect(await (await ask("/openapi.json", nobody)).json()).toEqual(JSON.parse(JSON.stringify(openApi)));
});

it.each(Object.keys(openApi.paths).filter((path) => path.startsWith("/v1/")))("%s wants a token", async (path) => {
  for (const method of ["GET", "POST"]) {
    const answer = await ask(path.replace("{id}", "0".repeat(30)), { method, ...nobody });
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([401, "UNAUTHENTICATED"]);
  }
});

it("an address that is not there is a problem too", async () => {
  const answer = await ask("/v2/runs");
  expect([answer.status, (await bodyOf(answer)).code]).toEqual([404, "NOT_FOUND"]);
});
