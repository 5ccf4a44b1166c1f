import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { developmentVariables } from "#protocol/development-only.ts";
import { productionVariables } from "../pure/support/production-variables.ts";

const program = fileURLToPath(new URL("../../src/queue-bridge/main.ts", import.meta.url));

describe("the bridge's program in production", () => {
  it.each(developmentVariables)("ends at once with %s, and says why in one line", (name) => {
    const env = { PATH: process.env["PATH"], ...productionVariables, [name]: "http://127.0.0.1:4711/s3cret" };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", program], {
      env,
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      new RegExp(`^Cannot start the bridge: ${name} is for development only, and SQE_ENV is production\n$`),
    );
  });
});
