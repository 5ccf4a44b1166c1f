import { expect, test } from "vitest";
import { standInsOf } from "../../dev/stand-ins/rehearsal-plan.ts";

const variables = {
  DATABASE_OWNER_URL: "postgres://owner:pass-o@127.0.0.1:5433/sqe",
  REDIS_URL: "redis://:pass-r@127.0.0.1:6380",
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:8790",
  UPSTASH_REDIS_REST_TOKEN: "token-u",
  NEON_FETCH_ENDPOINT: "http://127.0.0.1:8789/sql",
  MCE_SANDBOX_URL: "http://127.0.0.1:8788",
};

test("standInsOf() puts each stand-in at the address that the programs are told, before the operator's servers", () => {
  expect(standInsOf(variables)).toEqual({
    sandbox: { port: 8788 },
    neon: { port: 8789, server: { host: "127.0.0.1", port: 5433 } },
    upstash: { port: 8790, redisUrl: variables.REDIS_URL, token: "token-u" },
  });
});

test("standInsOf() takes Postgres' usual port when the owner's URL has none", () => {
  const DATABASE_OWNER_URL = "postgres://owner@[::1]/sqe";
  expect(standInsOf({ ...variables, DATABASE_OWNER_URL }).neon.server).toEqual({ host: "::1", port: 5432 });
});

test.each(Object.keys(variables))("standInsOf() names %s when it is missing, and shows no value", (name) => {
  const message = new RegExp(`^Cannot start the rehearsal: ${name} is missing(?!.*pass-)`);
  expect(() => standInsOf({ ...variables, [name]: undefined })).toThrow(message);
});
