import { expect, test } from "vitest";
import { openStatusLine, statusOf } from "#cli/status-line.ts";
import { paintFor } from "#cli/style.ts";
import { runView } from "../client/support/served.ts";
import { memory } from "./support/terminal.ts";

const plain = (_: unknown, text: string) => text;

test("openStatusLine() rewrites one line of a terminal and removes it in the end", () => {
  const { output, text } = memory(true);
  const line = openStatusLine(output, plain, false);
  line.show("queued");
  line.show(`running ${"x".repeat(200)}\u001b`);
  line.clear();
  expect(text()).not.toContain("\n");
  const parts = text().split("\r\u001b[2K");
  expect(parts[0]).toBe("");
  expect(parts[1]).toMatch(/^ {3}0\.\d s {2}queued$/);
  expect(parts[2]?.length).toBeLessThan(100);
  expect(parts.at(-1)).toBe("");
});

test("openStatusLine() gives a pipe a line for each change, and nothing when it is to be quiet", () => {
  const { output, text } = memory(false);
  const line = openStatusLine(output, plain, false);
  for (const words of ["queued", "queued", "ready"]) line.show(words);
  line.clear();
  expect(text()).toMatch(/^ {3}0\.\d s {2}queued\n {3}0\.\d s {2}ready\n$/);
  const quiet = memory(true);
  openStatusLine(quiet.output, plain, true).show("queued");
  expect(quiet.text()).toBe("");
});

test("statusOf() says the place in the line, the phase, or how many rows", () => {
  const states = [
    runView(),
    runView({ queuePosition: 3 }),
    runView({ status: "running", phase: "executing" }),
    runView({ status: "ready", rowCount: 1 }),
    runView({ status: "ready" }),
    runView({ status: "canceled" }),
  ];
  expect(states.map(statusOf)).toEqual([
    "queued",
    "queued · 3 in line",
    "running · executing",
    "ready · 1 row",
    "ready",
    "canceled",
  ]);
});

test.each([
  ["a terminal", { isTTY: true }, {}, true, true],
  ["a pipe", { isTTY: false }, {}, true, false],
  ["NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }, true, false],
  ["an empty NO_COLOR", { isTTY: true }, { NO_COLOR: "" }, true, true],
  ["--no-color", { isTTY: true }, {}, false, false],
  ["a dumb terminal", { isTTY: true }, { TERM: "dumb" }, true, false],
])("paintFor() with %s", (_, output, env, isWanted, isColored) => {
  expect(paintFor(output, { env }, isWanted)("red", "x") !== "x").toBe(isColored);
});
