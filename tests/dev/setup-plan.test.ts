import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { openVault } from "#db/vault.ts";
import { readConfig as readBridgeConfig } from "../../src/queue-bridge/config.ts";
import { readConfig as readWorkerConfig } from "../../src/worker/config.ts";
import { readInputs, type Values } from "../../scripts/setup/inputs.ts";
import { drawRandom, planOf, type Plan } from "../../scripts/setup/secrets.ts";

const given = {
  DATABASE_OWNER_URL: "postgres://owner:pass%20o@ep-x.eu.aws.neon.tech/main?sslmode=require",
  REDIS_URL: "rediss://default:pass-r@eu.upstash.io:6379",
  UPSTASH_REDIS_REST_URL: "https://eu.upstash.io",
  UPSTASH_REDIS_REST_TOKEN: "token-u",
  EDGE_URL: "https://sqe.example",
};
const rehearsal = {
  ...given,
  SQE_ENV: "rehearsal",
  NEON_FETCH_ENDPOINT: "http://127.0.0.1:8789/sql",
  MCE_SANDBOX_URL: "http://127.0.0.1:8788",
};

type More = { known?: Values; rotate?: readonly string[]; isRetired?: boolean };
const plan = (values: Values, { known = {}, rotate = [], isRetired = false }: More = {}): Plan =>
  planOf({ inputs: readInputs(values, known), given: values, known, rotate, isRetired, draw: drawRandom });
/** What the next set-up finds in the files of this one. */
const written = ({ worker, bridge }: Plan): Values => ({ ...bridge, ...worker });

describe("readInputs()", () => {
  it.each<Values>([given, rehearsal])(
    "names each variable that is missing, with the place where it is found (%#)",
    (values) => {
      for (const name of Object.keys(values).filter((it) => it !== "SQE_ENV")) {
        expect(() => readInputs({ ...values, [name]: "" }, {})).toThrow(new RegExp(`\n  ${name}  \\S+ .*$`));
      }
      expect(() => readInputs({ SQE_ENV: values["SQE_ENV"] }, {})).toThrow(
        /DATABASE_OWNER_URL[^]*REDIS_URL[^]*EDGE_URL/,
      );
    },
  );

  it("keeps what was given before, takes what is given now, and an empty text takes a setting away", () => {
    const known = { ...given, MCE_CALLS_PER_MINUTE: "100", BRIDGE_CONCURRENCY: "50" };
    const { worker, bridge } = readInputs({ EDGE_URL: "https://new.example", MCE_CALLS_PER_MINUTE: "" }, known);
    expect(worker["MCE_CALLS_PER_MINUTE"]).toBeUndefined();
    expect(bridge).toEqual({ EDGE_URL: "https://new.example", REDIS_URL: given.REDIS_URL, BRIDGE_CONCURRENCY: "50" });
  });
});

/** The table of docs/operations.md: which program takes which variable. */
const operations = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
const table = [...operations.matchAll(/^\| (`[A-Z].*?`) \| (✓?) ?\| (✓?) ?\|/gm)].flatMap(
  ([, cell = "", worker = "", bridge = ""]) =>
    [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => {
      return { name, isWorkers: worker !== "", isBridges: bridge !== "" };
    }),
);

describe("planOf()", () => {
  // The secret before the last rotation is there after a rotation only.
  test.each(table.filter(({ name }) => name !== "BRIDGE_SECRET_PREVIOUS"))(
    "gives $name to each program that takes it",
    ({ name, isWorkers, isBridges }) => {
      const { worker, bridge } = plan({ ...given, [name]: given[name as keyof typeof given] ?? "k7" });
      expect([name in worker, name in bridge]).toEqual([isWorkers, isBridges]);
    },
  );

  test.each<Values>([given, rehearsal])(
    "gives both programs all they need to start, and nothing they refuse (%#)",
    (values) => {
      const { worker, bridge } = plan(values);
      expect(readWorkerConfig(worker).limits.runsPerMinute).toBe(60);
      const { database, sandboxUrl } = readBridgeConfig(bridge);
      expect([database.url, sandboxUrl]).toEqual([worker["DATABASE_URL"], values["MCE_SANDBOX_URL"]]);
      expect([worker["BRIDGE_SECRET"], worker["VAULT_KEYS"]]).toEqual([bridge["BRIDGE_SECRET"], bridge["VAULT_KEYS"]]);
    },
  );

  it("makes every role's address of the owner's, with a password of its own, and never passes the owner's on", () => {
    const { worker, bridge, passwords } = plan(given);
    const urls = [worker["DATABASE_URL"], worker["DATABASE_SYSTEM_URL"], bridge["DATABASE_SWEEPER_URL"]];
    expect(urls).toEqual(
      Object.entries(passwords).map(
        ([role, password]) => `postgres://${role}:${password}@ep-x.eu.aws.neon.tech/main?sslmode=require`,
      ),
    );
    expect(new Set(Object.values(passwords)).size).toBe(3);
    expect(JSON.stringify([worker, bridge])).not.toContain("pass%20o");
  });

  it("changes nothing the next time", () => {
    const first = plan(given);
    const second = plan(given, { known: written(first) });
    expect(second).toEqual({ ...first, made: [], kept: first.made });
  });

  it("makes good the file that is lost: what both programs have comes from the other", () => {
    const { worker, bridge } = plan(given);
    const again = plan(given, { known: bridge });
    const shared = ["BRIDGE_SECRET", "VAULT_KEYS", "DATABASE_URL", "DATABASE_SWEEPER_URL"];
    expect(again.kept.toSorted()).toEqual(shared.toSorted());
    expect(again.worker["VAULT_KEYS"]).toBe(worker["VAULT_KEYS"]);
  });

  it("rotates the bridge secret with the old one still accepted, until that is retired", () => {
    const first = plan(given);
    const rotated = plan(given, { known: written(first), rotate: ["BRIDGE_SECRET"] });
    expect(rotated.made).toEqual(["BRIDGE_SECRET"]);
    expect(rotated.worker["BRIDGE_SECRET_PREVIOUS"]).toBe(first.worker["BRIDGE_SECRET"]);
    expect(rotated.worker["BRIDGE_SECRET"]).toBe(rotated.bridge["BRIDGE_SECRET"]);
    expect(rotated.worker["BRIDGE_SECRET"]).not.toBe(first.worker["BRIDGE_SECRET"]);
    expect(plan(given, { known: written(rotated) }).worker).toEqual(rotated.worker);
    const { BRIDGE_SECRET_PREVIOUS: _retired, ...rest } = rotated.worker;
    expect(plan(given, { known: written(rotated), isRetired: true }).worker).toEqual(rest);
  });

  it("puts a new vault key before the old ones, under a name of its own", async () => {
    const first = plan(given);
    const second = plan(given, { known: written(first), rotate: ["VAULT_KEYS"] });
    const third = plan(given, { known: written(second), rotate: ["VAULT_KEYS"] });
    expect(third.worker["VAULT_KEYS"]).toMatch(
      new RegExp(`^k3:[^,]+,${second.worker["VAULT_KEYS"]?.replaceAll("+", "\\+")}$`),
    );
    const vault = await openVault(third.worker["VAULT_KEYS"] ?? "");
    expect([vault.newest, ...vault.keys.keys()]).toEqual(["k3", "k3", "k2", "k1"]);
  });

  it("takes a secret that the operator gives, and does not rotate it", () => {
    const values = { ...given, RUN_ID_SECRET: "a secret of my own, long enough" };
    expect(plan(values).worker).toMatchObject({ RUN_ID_SECRET: values.RUN_ID_SECRET });
    expect(() => plan(values, { rotate: ["RUN_ID_SECRET"] })).toThrow("Cannot rotate RUN_ID_SECRET: you give it");
    expect(() => plan(values, { rotate: ["EDGE_URL"] })).toThrow('Cannot rotate "EDGE_URL": this can be rotated: ');
  });
});
