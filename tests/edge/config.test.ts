import { describe, expect, it } from "vitest";
import { developmentVariables } from "#protocol/development-only.ts";
import { readConfig } from "../../src/worker/config.ts";
import { app } from "../../src/worker/app.ts";
import { bindings } from "./support/people.ts";

const { NEON_FETCH_ENDPOINT, MCE_SANDBOX_URL, SQE_ENV: _development, ...real } = bindings;

describe("readConfig()", () => {
  it("takes production without any development variable, and says production when nobody says what it is", () => {
    expect(readConfig(real).SQE_ENV).toBe("production");
  });

  it.each(developmentVariables)("refuses %s in production, and names it", async (name) => {
    const stray = { ...real, [name]: bindings[name] ?? "60" };
    expect(() => readConfig(stray)).toThrow(`Cannot start: ${name} is for development only`);
    for (const path of ["/healthz", "/v1/runs"]) {
      const answer = await app.request(path, {}, { ...stray, RUNS: {}, RUN_LIMIT: {} });
      expect([answer.status, await answer.text()]).toEqual([
        503,
        expect.stringContaining(`${name} is for development only`),
      ]);
    }
  });

  it("takes stand-ins on the loopback in a rehearsal, which counts requests as production does", () => {
    const rehearsal = readConfig({ ...real, NEON_FETCH_ENDPOINT, MCE_SANDBOX_URL, SQE_ENV: "rehearsal" });
    expect(rehearsal).toMatchObject({ MCE_SANDBOX_URL, limits: { runsPerMinute: 60 } });
    const remote = { ...real, SQE_ENV: "rehearsal", MCE_SANDBOX_URL: "https://mc.example" };
    expect(() => readConfig(remote)).toThrow(
      /^Cannot start: MCE_SANDBOX_URL may only point to this machine's loopback/,
    );
  });

  it("wants the secret of development tokens in development alone, and takes it nowhere else", () => {
    const development = { ...bindings, SQE_ENV: "development" };
    const { JWT_SECRET: _missing, ...rest }: Record<string, string> = development;
    expect(readConfig(development).development?.secret).toBe(bindings["JWT_SECRET"]);
    expect(() => readConfig(rest)).toThrow(/JWT_SECRET.* which development needs/);
    expect(readConfig(real).development).toBeUndefined();
  });

  it.each(["BRIDGE_SECRET", "RUN_ID_SECRET", "VAULT_KEYS", "DATABASE_URL"])(
    "refuses to start without %s, and names it",
    (name) => {
      const { [name]: _missing, ...rest } = real;
      expect(() => readConfig(rest)).toThrow(name);
    },
  );

  it("refuses a secret that is too short, without showing it", () => {
    expect(() => readConfig({ ...real, JWT_SECRET: "s3cr3t" })).toThrow(/^(?!.*s3cr3t)[^]*JWT_SECRET/);
  });
});

describe("a Worker without its variables", () => {
  const ask = (path: string) => app.request(path, {}, { RUNS: {}, RUN_LIMIT: {}, JWT_SECRET: "s3cr3t" });

  it("answers /healthz with the names of what is missing, and no value", async () => {
    const answer = await ask("/healthz");
    expect(answer.status).toBe(503);
    const body = await answer.json<{ ok: boolean; problems: string[] }>();
    expect(body.ok).toBe(false);
    expect(body.problems).toContain("DATABASE_URL is missing");
    expect(body.problems.join()).toContain("JWT_SECRET is not usable");
    expect(JSON.stringify(body)).not.toContain("s3cr3t");
  });

  it("answers /healthz with the development variable that production has", async () => {
    const answer = await app.request("/healthz", {}, { ...real, RUNS: {}, RUN_LIMIT: {}, SQE_TIME_SCALE: "60" });
    expect([answer.status, (await answer.json<{ problems: string[] }>()).problems]).toEqual([
      503,
      ["SQE_TIME_SCALE is for development only, and SQE_ENV is production"],
    ]);
  });

  it("answers everything else with a problem that says the same", async () => {
    const answer = await ask("/v1/runs");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: "UNAVAILABLE",
      detail: expect.stringContaining("DATABASE_URL is missing"),
    });
  });
});
