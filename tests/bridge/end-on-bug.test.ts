import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const cwd = fileURLToPath(new URL("../../", import.meta.url));

/** A program that ends on a bug as the bridge does. @returns its exit code and all that it printed */
function run(statement: string) {
  const program = `
    import { endOnBug } from "./src/queue-bridge/end-on-bug.ts";
    import { openLog } from "./src/queue-bridge/log.ts";
    endOnBug(process, openLog((line) => process.stderr.write(line), Date.now));
    const error = Object.assign(new Error("Unexpected row Canary\\n    at Canary"), { row: "Canary", cause: "Canary" });
    ${statement}
    setTimeout(() => console.log("still here"), 1000);`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--no-warnings", "--input-type=module", "--eval", program],
    { cwd, encoding: "utf8" },
  );
  return { status, printed: stdout + stderr };
}

describe("endOnBug()", () => {
  it.each([
    ["an error", "setImmediate(() => { throw error; });"],
    ["a rejection", "void Promise.reject(error);"],
    ["a text that is thrown", 'setImmediate(() => { throw "Canary"; });'],
  ])("ends the bridge at %s that nobody handles, and prints nothing of what it says", (_, statement) => {
    const { status, printed } = run(statement);
    expect(status).toBe(1);
    expect(JSON.parse(printed)).toEqual({
      at: expect.any(String),
      event: "bridge ended by a bug",
      places: expect.any(Array),
    });
    expect(printed).not.toContain("Canary");
  });
});
