import { cloudflareTest } from "@cloudflare/vitest-plugin";
import process from "node:process";
import { defineConfig } from "vitest/config";
import { keepEmptyDatabase } from "./dev/stand-ins/pglite.ts";
import { buildSite } from "./scripts/site/build.ts";
import { TakeTurns } from "./tests/support/take-turns.ts";

/**
 * Two tiers: what `npm test` runs, and `*.long.test.ts`, which `npm run test:long` runs: whole matrices, long fuzzing, long waits.
 */
const isLong = process.env["SQE_TESTS"] === "long";
const filesIn = (folders: string) => `tests/${folders}/**/*${isLong ? ".long" : ""}.test.ts`;
const notLong = isLong ? [] : ["**/*.long.test.ts"];
/** They hold processes to seconds, so they run where little else does. */
const timed = isLong
  ? ["tests/bridge/kill-crowd.long.test.ts", "tests/dev/stack.long.test.ts"]
  : ["tests/dev/supervisor.test.ts"];
/** They put something in the place of modules, so that each has a process of its own. */
const alone = ["tests/inspect/one-reading.test.ts"];

/** Who waits for another process waits longer than a second, on a busy machine. */
const soon = { poll: { timeout: 30_000 } };
/** A test that hangs is ended; one that is slow on a busy machine is not. */
const limits = { testTimeout: isLong ? 300_000 : 120_000, hookTimeout: isLong ? 300_000 : 120_000 };

/** Processes of edge tests that were started. */
let edgeProcesses = 0;

// wrangler.toml names its folder, so nothing that reads it starts without. Else each process would make its own empty database.
await Promise.all([buildSite(), keepEmptyDatabase()]);

const titles = "tests/support/title-length.ts";
// Run for each file, also where files share their modules.
const setupFiles = [titles, "tests/support/temp-dir.ts"];
/** For the projects that call the public API: each answer is held against openapi.json, and counted. */
const answersCounted = {
  globalSetup: ["tests/support/answer-counts.ts"],
  setupFiles: [titles, "tests/support/count-answers.ts"],
};

/** Folder = runtime: `node` needs nothing but Node, `edge` runs in workerd, `flow` drives a whole stack of real processes. */
export default defineConfig({
  test: {
    // Most tests wait for other processes more than they compute; those of the long tier compute.
    maxWorkers: isLong ? 2 : 5,
    sequence: { sequencer: TakeTurns },
    // The edge logs each step of a run; what matters in a passed test is asserted.
    onConsoleLog: (line) => !line.startsWith('{"at":"'),
    projects: [
      {
        test: {
          name: "node",
          include: [
            filesIn("{pure,console,sql,client,cli,inspect,mce,budget,sandbox,dev,bridge,compat,calm,probe,simulate}"),
          ],
          exclude: [...timed, ...alone, ...notLong],
          setupFiles,
          // A new process and new modules for each file are a third of the processor's time. The few long files may fill a heap.
          isolate: isLong,
          expect: soon,
          ...limits,
        },
      },
      ...(isLong ? [] : [{ test: { name: "alone", include: alone, setupFiles, expect: soon, ...limits } }]),
      {
        plugins: [
          // Called for each process, which gets doors of its own to what its tests break.
          cloudflareTest(({ inject }) => {
            const bindings = inject("edgeBindings");
            const own = bindings[edgeProcesses++ % bindings.length] ?? {};
            return { wrangler: { configPath: "./wrangler.toml" }, miniflare: { bindings: own } };
          }),
        ],
        test: {
          name: "edge",
          include: [filesIn("edge")],
          exclude: notLong,
          ...answersCounted,
          globalSetup: ["tests/support/edge-setup.ts", ...answersCounted.globalSetup],
          // Tests use ids of their own, and a Worker that is loaded anew for each file takes seconds to give its first answer.
          isolate: false,
          expect: soon,
          ...limits,
        },
      },
      {
        test: {
          name: "flow",
          include: [filesIn("flow"), ...timed],
          exclude: notLong,
          ...answersCounted,
          globalSetup: ["tests/flow/support/stack-keeper.ts", ...answersCounted.globalSetup],
          // Side by side, more stacks would wait for one another's processor time. In the long tier they measure what users wait for.
          maxWorkers: isLong ? 1 : 3,
          sequence: { groupOrder: 1 },
          expect: soon,
          ...limits,
        },
      },
    ],
  },
});
