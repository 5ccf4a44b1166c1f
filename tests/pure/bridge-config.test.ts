import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/queue-bridge/config.ts";
import { urlOf } from "../../src/queue-bridge/http-address.ts";

const environment = {
  SQE_ENV: "production",
  EDGE_URL: "https://edge.example/",
  REDIS_URL: "rediss://redis.example:6379",
  BRIDGE_SECRET: "the-newest-secret-of-all,the-one-before-that",
  DATABASE_URL: "postgres://sqe_app:password@db.example/main",
  DATABASE_SWEEPER_URL: "postgres://sqe_sweeper:password@db.example/main",
  VAULT_KEYS: "k1:AAAA",
};

test("readConfig() reads a production environment", () => {
  expect(readConfig(environment)).toMatchObject({
    edgeUrl: "https://edge.example",
    secret: "the-newest-secret-of-all",
    database: { url: environment.DATABASE_URL },
    settings: { runTimeoutMs: 29 * 60_000 },
  });
});

test("readConfig() gives a stop the time that a Perform in flight and its report may take", () => {
  const { graceMs, settings } = readConfig(environment);
  expect(graceMs - settings.effectTimeoutMs).toBeGreaterThanOrEqual(10_000);
});

test.each(Object.keys(environment).filter((name) => name !== "SQE_ENV"))(
  "readConfig() names %s when it is missing",
  (name) => {
    expect(() => readConfig({ ...environment, [name]: undefined })).toThrow(
      `Cannot start the bridge: ${name} is missing`,
    );
  },
);

test("readConfig() does not show the value it refuses", () => {
  expect(() => readConfig({ ...environment, DATABASE_URL: "mysql://user:hunter2@host" })).toThrow(/^(?!.*hunter2)/);
});

test.each([
  ["MCE_SANDBOX_URL", "http://127.0.0.1:1"],
  ["NEON_FETCH_ENDPOINT", "http://127.0.0.1:1"],
  ["SQE_FAIL_AT", "poll"],
  ["SQE_FAIL_ONCE_FILE", "/tmp/once"],
  ["SQE_TIME_SCALE", "60"],
])("readConfig() refuses %s in production, also when SQE_ENV is not set", (name, value) => {
  expect(() => readConfig({ ...environment, [name]: value })).toThrow(name);
  expect(() => readConfig({ ...environment, SQE_ENV: undefined, [name]: value })).toThrow(name);
  expect(() => readConfig({ ...environment, SQE_ENV: "development", [name]: value })).not.toThrow();
});

test("readConfig() serves metrics and probes to this host alone unless told otherwise", () => {
  expect(readConfig(environment).http).toEqual({ host: "127.0.0.1", port: 9464 });
  const told = { BRIDGE_HTTP_HOST: "0.0.0.0", BRIDGE_HTTP_PORT: "80" };
  expect(readConfig({ ...environment, ...told }).http).toEqual({ host: "0.0.0.0", port: 80 });
});

test.each(["", "-1", "65536", "9464x", "1e3"])("readConfig() refuses %j as a port", (port) => {
  expect(() => readConfig({ ...environment, BRIDGE_HTTP_PORT: port })).toThrow(
    "BRIDGE_HTTP_PORT is missing or malformed",
  );
});

test.each([
  ["127.0.0.1", "http://127.0.0.1:9464"],
  ["0.0.0.0", "http://127.0.0.1:9464"],
  ["::", "http://127.0.0.1:9464"],
  ["::1", "http://[::1]:9464"],
  ["10.0.0.7", "http://10.0.0.7:9464"],
])("urlOf() names %s as this host reaches it", (host, url) => {
  expect(urlOf({ host, port: 9464 })).toBe(url);
});

describe("readConfig() in a rehearsal", () => {
  const rehearsal = { ...environment, SQE_ENV: "rehearsal" };

  test.each(["http://127.0.0.1:8788", "http://localhost:8788", "http://[::1]:8788"])("takes stand-ins at %s", (url) => {
    const config = readConfig({ ...rehearsal, MCE_SANDBOX_URL: url, NEON_FETCH_ENDPOINT: `${url}/sql` });
    expect([config.sandboxUrl, config.database.fetchEndpoint]).toEqual([url, `${url}/sql`]);
  });

  test.each(["https://mc.example", "http://127.0.0.1.example:1", "http://10.0.0.1:1", "http://user@127.0.0.1@evil:1"])(
    "refuses a stand-in at %s, without showing it",
    (url) => {
      for (const name of ["MCE_SANDBOX_URL", "NEON_FETCH_ENDPOINT"]) {
        expect(() => readConfig({ ...rehearsal, [name]: url })).toThrow(
          /^Cannot start the bridge: (MCE_SANDBOX_URL|NEON_FETCH_ENDPOINT) (is missing or malformed|may only point to this machine's loopback.*)$/,
        );
      }
    },
  );

  test.each([
    ["SQE_FAIL_AT", "poll"],
    ["SQE_FAIL_ONCE_FILE", "/tmp/once"],
    ["SQE_TIME_SCALE", "60"],
    ["SQE_RUN_TIMEOUT_MS", "60"],
  ])("refuses %s as production does", (name, value) => {
    expect(() => readConfig({ ...rehearsal, [name]: value })).toThrow(`${name} is for development only`);
  });
});
