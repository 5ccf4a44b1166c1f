import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runActs } from "../../dev/demo/story.ts";
import { freePort, freePortBase } from "../../dev/stack/ports.ts";
import { redisWords } from "../../dev/stand-ins/redis.ts";
import { findRedisProgram } from "../../dev/stand-ins/redis-program.ts";
import { readEnvFile } from "../../scripts/setup/env-file.ts";
import { openImage, project, untilSays, type LaidOut } from "../bridge/support/image.ts";
import { openRealPostgres, postgresPrograms } from "../dev/support/real-postgres.ts";
import { tempDir } from "../support/temp-dir.ts";
import { openCheckout, type Checkout } from "./support/checkout.ts";
import { shellBlocks } from "./support/guide.ts";

const password = "redis-password";

describe.skipIf(postgresPrograms === undefined)("with a PostgreSQL server (skipped where it is not installed)", () => {
  /** Ends what was started, the last first. */
  const closers: (() => Promise<unknown> | void)[] = [];
  let checkout: Checkout;
  let image: LaidOut;
  let blocks: string[];
  let edge: string;
  let sandbox: string;

  beforeAll(async () => {
    const [base, postgresPort] = [await freePortBase(), await freePort()];
    const postgres = await openRealPostgres(postgresPrograms ?? "", postgresPort);
    closers.push(() => postgres.close());
    const { networkUrl = "" } = await postgres.createDatabase();
    const program = await findRedisProgram(() => undefined);
    // Who needs it waits for it.
    const words = [...redisWords(base + 4, await tempDir()), "--requirepass", password];
    const redis = spawn(program, words, { stdio: "ignore" });
    closers.push(async () => redis.kill() && once(redis, "exit"));
    checkout = await openCheckout(project);
    closers.push(() => checkout.close());
    image = openImage();
    closers.push(() => image.close());
    [edge, sandbox] = [`http://127.0.0.1:${base}`, `http://127.0.0.1:${base + 1}`];
    blocks = shellBlocks(join(project, "docs/deploy.md"), "A rehearsal on one machine", {
      "postgres://sqe_owner:owner-password@127.0.0.1:5432/sqe": networkUrl,
      "127.0.0.1:6379": `127.0.0.1:${base + 4}`,
      "8790": String(base + 3),
      "8789": String(base + 2),
      "8788": String(base + 1),
      "8787": String(base),
    });
  });
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });

  /** The block that has these words. */
  const block = (words: string) => blocks.find((text) => text.includes(words)) ?? expect.unreachable(words);
  const succeed = async (lines: string) => {
    const { code, said } = await checkout.run(lines);
    expect(code, `${lines}\n${said}`).toBe(0);
    return said;
  };

  it("the guide's rehearsal works as it is written, with a bridge as the container runs it", async () => {
    await succeed(block("cat > operator.env"));
    expect(await succeed(block("npm run setup"))).toMatch(
      /applied: 0001_roles[^]*this is a rehearsal; npx wrangler dev/,
    );
    const standIns = checkout.start(block("npm run rehearsal"));
    await vi.waitFor(() => expect(standIns.said()).toContain("are up"), { timeout: 60_000, interval: 200 });
    const dev = checkout.start(block("npx wrangler dev"));
    // As compose.yaml and the Dockerfile have it: another user, a read-only tree, the listed variables only.
    // Its metrics' port is any: another bridge may run on this machine.
    const variables = await readEnvFile(join(checkout.dir, ".sqe/bridge.env"));
    const bridge = image.start({ ...variables, BRIDGE_HTTP_PORT: "0" });
    closers.push(async () => bridge.process.kill("SIGTERM") && bridge.ended);
    await untilSays(bridge, "bridge up");
    expect(await succeed(block("npm run admin"))).toMatch(/connected Enterprise A: tenant /);
    await vi.waitFor(async () => expect((await fetch(`${edge}/healthz`)).status, dev.said()).toBe(200), {
      timeout: 120_000,
      interval: 500,
    });
    expect(await succeed(block("npm run deploy"))).toMatch(
      /would do a run at [^]*✔ deploy +not in a rehearsal[^]*✔ smoke run +a run was ready after [\d.]+ s[^]*✔ doctor +healthy/,
    );
    expect(await succeed(block("curl -s"))).toMatch(/"status":"queued"/);
  }, 600_000);

  it("the demo's client does its three parts against it", async () => {
    const { code, said } = await checkout.run("npm run --silent token -- --user alice");
    expect(code, said).toBe(0);
    const lines: string[] = [];
    await runActs({ edge, sandbox, token: said.trim() }, (line) => lines.push(line));
    expect(lines.join("\n")).toMatch(/Query Activity {3}none/);
  });
});
