import { expect, it } from "vitest";
import { allCalls } from "#api/all-calls.ts";
import { app } from "../../src/worker/app.ts";
import { asks } from "./support/access/rules.ts";

// Every caller is tried at every address in access.long.test.ts.
it("there is a rule for every address that the Worker serves besides its pages, and for no other", () => {
  const bridges = app.routes.filter(({ path }) => path.startsWith("/bridge/"));
  const served = [
    ...allCalls.map(({ method, path }) => `${method.toUpperCase()} ${path}`),
    ...bridges.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/, "{$1}")}`),
  ];
  const ruled = new Set(Object.keys(asks).map((ask) => ask.split(" ").slice(0, 2).join(" ")));
  expect([...ruled].toSorted()).toEqual(served.toSorted());
});
