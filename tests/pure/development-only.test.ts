import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { developmentVariables } from "#protocol/development-only.ts";
import { findProblems, readConfig } from "../../src/queue-bridge/config.ts";
import { productionVariables } from "./support/production-variables.ts";

const wranglerToml = readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8");

describe("a bridge in production", () => {
  it("starts without any of the development variables", () => {
    expect(findProblems(productionVariables)).toEqual([]);
  });

  it.each(developmentVariables)("refuses %s, names it and does not show its value", (name) => {
    const value = "http://127.0.0.1:4711/s3cret";
    for (const SQE_ENV of ["production", undefined]) {
      const variables = { ...productionVariables, SQE_ENV, [name]: value };
      expect(() => readConfig(variables)).toThrow(
        new RegExp(`${name} (?:is for development only|is missing or malformed)`),
      );
      expect(findProblems(variables).join()).not.toContain("s3cret");
    }
  });
});

describe("wrangler.toml", () => {
  it("sets no development variable", () => {
    expect(developmentVariables.filter((name) => wranglerToml.includes(name))).toEqual([]);
  });

  it("keeps Cloudflare from logging addresses, in which a text of `find` stands (D79)", () => {
    const section = /\[observability\.logs\]([^[]*)/.exec(wranglerToml)?.[1];
    expect(section).toMatch(/^invocation_logs = false$/m);
  });
});
