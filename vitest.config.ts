import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Holds the supervisor to seconds, so it runs where nothing else does. */
const stackOfDev = "tests/dev/stack.test.ts";

/** Folder = runtime: `node` needs nothing but Node, `edge` runs in workerd, `flow` drives a whole stack of real processes. */
export default defineConfig({
  test: {
    // Most tests wait for other processes more than they compute.
    maxWorkers: 6,
    projects: [
      {
        test: {
          name: "node",
          include: ["tests/{pure,sql,inspect,mce,budget,sandbox,dev,bridge,compat,calm}/**/*.test.ts"],
          exclude: [stackOfDev],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: inject("edgeBindings") },
          })),
        ],
        test: {
          name: "edge",
          include: ["tests/edge/**/*.test.ts"],
          globalSetup: ["tests/support/edge-setup.ts"],
          // Tests use ids of their own, and a Worker that is loaded anew for each file takes seconds to give its first answer.
          isolate: false,
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "flow",
          include: ["tests/flow/**/*.test.ts", stackOfDev],
          // Each file starts a stack of its own; side by side they would wait for one another's processor time.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
