import { defineConfig } from "vitest/config";

/** Folder = runtime: `node` needs nothing but Node, `edge` runs in workerd, `flow` drives a whole stack of real processes. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["tests/{pure,sql,mce,sandbox,dev,bridge}/**/*.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
