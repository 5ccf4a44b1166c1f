import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { developmentVariables } from "#protocol/development-only.ts";
import { findProblems, readConfig } from "../../src/queue-bridge/config.ts";

const wranglerToml = readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8");

/** What a bridge in production has. */
const production = {
  SQE_ENV: "production",
  EDGE_URL: "https://sqe.example",
  REDIS_URL: "rediss://redis.example:6379",
  BRIDGE_SECRET: "s".repeat(32),
  DATABASE_URL: "postgres://sqe_app:x@db.example/sqe",
  DATABASE_SWEEPER_URL: "postgres://sqe_sweeper:x@db.example/sqe",
  VAULT_KEYS: `kid1:${"k".repeat(43)}=`,
};

describe("a bridge in production", () => {
  it("starts without any of the development variables", () => {
    expect(findProblems(production)).toEqual([]);
  });

  it.each(developmentVariables)("refuses %s, names it and does not show its value", (name) => {
    const value = "http://127.0.0.1:4711/s3cret";
    for (const SQE_ENV of ["production", undefined]) {
      const variables = { ...production, SQE_ENV, [name]: value };
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
