import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join, posix } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from "vitest";
import { neededMigration } from "#db/needed-schema.ts";
import { readConfig } from "../../src/queue-bridge/config.ts";
import {
  compose,
  dockerfile,
  isLeftOut,
  openImage,
  project,
  textOf,
  untilSays,
  type LaidOut,
  type Program,
} from "./support/image.ts";
import { freePort } from "../../dev/stack/ports.ts";
import { filesOf } from "./support/dockerignore.ts";
import { useWorld } from "./support/use-world.ts";

const bridge = compose.services["bridge"] ?? expect.unreachable();
const packages = JSON.parse(textOf("package.json")) as Record<
  "dependencies" | "devDependencies",
  Record<string, string>
>;
const required = ["EDGE_URL", "REDIS_URL", "BRIDGE_SECRET", "DATABASE_URL", "DATABASE_SWEEPER_URL", "VAULT_KEYS"];

describe("the Dockerfile", () => {
  const stage = dockerfile.stages.at(-1) ?? expect.unreachable();
  const words = (name: string) => stage.instructions.find((one) => one.name === name)?.words ?? [];

  it("builds every stage on the one base image, whose Node is the one that the tests run on", () => {
    const bases = dockerfile.stages.filter(({ from }) => !dockerfile.stages.some(({ name }) => name === from));
    expect(new Set(bases.map(({ from }) => from))).toEqual(new Set([dockerfile.args["NODE_IMAGE"]]));
    expect(dockerfile.args["NODE_IMAGE"]).toMatch(/^node:\d+-slim(@sha256:[0-9a-f]{64})?$/);
    expect(dockerfile.args["NODE_IMAGE"]?.match(/\d+/)?.[0]).toBe(
      /\d+/.exec(packages.devDependencies["node"] ?? "")?.[0],
    );
  });

  it("ends with the bridge, which runs as a numeric user, without a shell, and receives SIGTERM", () => {
    expect(stage.name).toBe(bridge.build.target);
    expect(words("USER")).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(words("STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect([words("CMD")[0], words("HEALTHCHECK")[0]]).toEqual(["node", "node"]);
  });

  it("finds every file it copies in the build context, which has no secret and no other machine's file", () => {
    const context = new Set(filesOf(project, isLeftOut));
    const copied = dockerfile.stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ name, flags }) => name === "COPY" && flags["from"] === undefined)
      .flatMap(({ words }) => words.slice(0, -1).map((path) => posix.normalize(path)));
    const isThere = (path: string) =>
      path === "." || [...context].some((file) => file === path || file.startsWith(`${path}/`));
    expect(copied.filter((path) => !isThere(path))).toEqual([]);
    expect(
      [".env", "bridge.env", "a/.env.local", ".dev.vars", ".dev-2/stack.json", "x/key.pem"].filter(
        (p) => !isLeftOut(p),
      ),
    ).toEqual([]);
    expect([...context].filter((file) => /(^|\/)(node_modules|\.git)\//.test(file))).toEqual([]);
  });
});

describe("compose.yaml", () => {
  const containers = Object.entries(compose.services).filter(([, { profiles }]) => profiles === undefined);

  it.each(containers)("gives %s no more than it needs, and restarts it", (_name, service) => {
    expect(service).toMatchObject({ init: true, read_only: true, cap_drop: ["ALL"], restart: "unless-stopped" });
    expect(service["security_opt"]).toEqual(["no-new-privileges:true"]);
  });

  const listed = Object.keys(bridge.environment);
  const values = Object.fromEntries(
    listed.map((name) => [
      name,
      /URL/.test(name)
        ? `${name === "EDGE_URL" ? "https" : /REDIS/.test(name) ? "rediss" : "postgres"}://x`
        : "1".repeat(32),
    ]),
  );
  const numbers = {
    MCE_CALLS_PER_MINUTE: "300",
    BRIDGE_CONCURRENCY: "300",
    BRIDGE_HTTP_PORT: "9464",
    SQE_GRACE_MS: "45000",
  };

  it("waits longer for the end of the bridge than the bridge waits for its work", () => {
    const { graceMs } = readConfig({ ...values, ...numbers });
    expect(1000 * Number(/^(\d+)s$/.exec(bridge.stop_grace_period)?.[1])).toBeGreaterThan(graceMs);
  });

  it("passes every variable that production needs, and none that the bridge does not read", () => {
    for (const name of required) {
      expect(() => readConfig({ ...values, ...numbers, [name]: undefined })).toThrow(name);
      expect(listed).toContain(name);
    }
    for (const name of listed) expect(() => readConfig({ ...values, ...numbers, [name]: "" }), name).toThrow(name);
  });
});

describe("the image", () => {
  const world = useWorld({ isShared: true });
  let image: LaidOut;
  let program: Program | undefined;
  /** What compose.yaml lists, and what tells the bridge that this is no production. */
  let variables: Record<string, string>;

  beforeAll(async () => {
    image = openImage();
    const { SQE_ENV, NEON_FETCH_ENDPOINT, MCE_SANDBOX_URL, ...given } = world.environment;
    const listed = Object.entries(given).filter(([name]) => Object.hasOwn(bridge.environment, name));
    const port = { BRIDGE_HTTP_PORT: `${await freePort()}` };
    variables = { ...Object.fromEntries(listed), ...port, SQE_ENV, NEON_FETCH_ENDPOINT, MCE_SANDBOX_URL };
  });
  afterAll(() => image.close());
  afterEach(async () => {
    program?.process.kill("SIGKILL");
    await program?.ended;
  });

  const start = (changes: Record<string, string> = {}, words?: readonly string[]) => {
    program = image.start({ ...variables, ...changes }, words);
    return program;
  };
  const folderOf = (path: string, depth: number) => path.split("/").slice(0, depth).join("/");

  test("has the production packages only, and no program of Cloudflare", () => {
    const files = image.files();
    const folders = new Set(
      files.map((file) => folderOf(file.replace(/^app\/node_modules\/(?!@)/, "app/node_modules//"), 4)),
    );
    const has = (name: string) =>
      [...folders].some((folder) => folder.replace("//", "/") === `app/node_modules/${name}`);
    expect(Object.keys(packages.dependencies).filter((name) => !has(name))).toEqual([]);
    expect(Object.keys(packages.devDependencies).filter(has)).toEqual([]);
    expect(files.filter((file) => /^app\/src\/(worker|run-object)\//.test(file))).toEqual([]);
  });

  test("runs as another user on a read-only tree: does a run, is healthy, and stops within its grace", async () => {
    const before = image.files();
    const health = async () =>
      (await image.start({ BRIDGE_HTTP_PORT: variables["BRIDGE_HTTP_PORT"] ?? "" }, image.health).ended).code;
    expect(await health()).toBe(1);
    const up = start({ NODE_OPTIONS: image.recorder.options });
    await untilSays(up, "bridge up");
    const done = await world.submit("SELECT TOP 2 CustomerKey FROM Customers");
    expect((await world.over(done)).status).toBe("ready");
    expect(await health()).toBe(0);
    await world.ask("behaviours", { durationMs: 3000 });
    const left = await world.submit("SELECT TOP 2 CustomerKey FROM Customers");
    await vi.waitFor(() => expect(world.edge.run(left)).toMatchObject({ phase: "executing" }), { timeout: 30_000 });
    const stopped = Date.now();
    up.process.kill("SIGTERM");
    expect((await up.ended).code).toBe(0);
    expect(Date.now() - stopped).toBeLessThan(15_000);
    await world.startBridge();
    expect((await world.over(left)).status).toBe("ready");
    expect(image.files()).toEqual(before);

    // It opened only files that COPY brought, and at least one of every folder that was copied.
    const opened = image.recorder.opened().filter((url) => !url.startsWith("node:") && !url.includes("record-opens"));
    const paths = opened.map((url) => url.replace(/^file:\/\//, "").replace(`${join(image.root, "app")}/`, ""));
    // What the kernel tells of the process goes into /metrics.
    expect(paths.filter((path) => path.startsWith("/") && !path.startsWith("/proc/self/"))).toEqual([]);
    const rooms = new Set(
      before.filter((file) => file.startsWith("app/src/")).map((file) => folderOf(file.slice(4), 2)),
    );
    expect(new Set(paths.filter((path) => path.startsWith("src/")).map((path) => folderOf(path, 2)))).toEqual(rooms);
  });

  test("stops at once on a SIGTERM before it is up", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    // A server's address is not a text when it listens on a port.
    const { port } = silent.address() as AddressInfo;
    const starting = start({ NEON_FETCH_ENDPOINT: `http://127.0.0.1:${port}/sql` });
    const [socket] = (await once(silent, "connection")) as [{ destroy(): void }];
    const before = Date.now();
    starting.process.kill("SIGTERM");
    expect((await starting.ended).code).toBe(0);
    expect(Date.now() - before).toBeLessThan(5000);
    socket.destroy();
    silent.close();
  });

  test("refuses to start on an older schema, and without a variable, in one line each", async () => {
    // For this role the database looks as if its migrations ended before the record could be read.
    const older = start({ DATABASE_URL: variables["DATABASE_SWEEPER_URL"] ?? "" });
    expect((await older.ended).code).toBe(1);
    const line = `Cannot start: the database lacks migration ${neededMigration}; run npm run migrate first\n`;
    expect(older.said()).toBe(line);
    const { VAULT_KEYS: _left, ...rest } = variables;
    program = image.start(rest);
    expect((await program.ended).code).toBe(1);
    expect(program.said()).toBe("Cannot start the bridge: VAULT_KEYS is missing or malformed\n");
  });
});
