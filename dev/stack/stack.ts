import { resolve } from "node:path";
import { given } from "#lang/given.ts";
import {
  databaseUrl,
  drawSecrets,
  bridgeEnvironment,
  workerEnvironment,
  type Addresses,
  type Variables,
} from "./environment.ts";
import {
  bridgePart,
  edgePart,
  postgresPart,
  redisPart,
  sandboxPart,
  upstashPart,
  type Plan,
  type Ways,
} from "./parts.ts";
import { isPortFree } from "./ports.ts";
import { endProcessesOf, identify, isStill, limitsWithoutProc, signalGroup } from "./process-table.ts";
import { findRedisProgram } from "../stand-ins/redis-program.ts";
import {
  emptyStackDir,
  readOwner,
  removeOwner,
  removeStackFile,
  writeEnvironment,
  writeOwner,
  writeStackFile,
  type SandboxStackFile,
  type StackFile,
} from "./stack-files.ts";
import { openSupervisor, type Supervisor } from "./supervisor.ts";
import { signTokens } from "./tokens.ts";
import { openWatchdog } from "./watchdog-handle.ts";
import type { OwnTenant } from "../tenant/own-tenant.ts";
import { buildSite } from "../../scripts/site/build.ts";

export type StackOptions = {
  /** Holds all state of the stack; what an earlier stack left there is removed. */
  dir: string;
  /** The edge listens here and the other parts on the four ports above. */
  portBase?: number;
  /** REDIS_URL, SQE_DEV_RESTART and the engine's settings are read from here. */
  env?: Variables;
  /** Opens other ways to the parts, such as proxies, and returns by which addresses edge and bridge reach them. */
  ways?(addresses: Addresses): Promise<Ways>;
  /** Receives one line for each event of a part. */
  say?(line: string): void;
};

export type Stack<File extends StackFile = StackFile> = {
  /** The current stack.json; pids change when a part is restarted. */
  file(): File;
  /** Ends every part and removes stack.json. */
  stop(): Promise<void>;
};

const defaultPortBase = 8787;

/**
 * Starts all parts of the engine on this machine, and writes `stack.json` when all are ready.
 *
 * @param tenant works on this tenant of Marketing Cloud; undefined: on a sandbox of its own
 * @throws when a port is taken, another stack lives in the folder, or a part does not start; nothing is left running
 */
export async function openStack(options: StackOptions): Promise<Stack<SandboxStackFile>>;
export async function openStack(options: StackOptions, tenant: OwnTenant | undefined): Promise<Stack>;
export async function openStack(options: StackOptions, tenant?: OwnTenant): Promise<Stack> {
  const { env: caller = process.env } = options;
  const say = (line: string) => options.say?.(line);
  const dir = resolve(options.dir);
  const secrets = drawSecrets();
  const addresses = addressesFrom(options.portBase ?? defaultPortBase, caller["REDIS_URL"], tenant);
  const limits = limitsWithoutProc();
  if (limits !== undefined) say(limits);
  await takeOver(dir);
  const own = openOwnership(dir, secrets.stackId);
  await own([]);
  await assertPortsFree(addresses, { redis: caller["REDIS_URL"] !== undefined, sandbox: tenant !== undefined });
  // `wrangler dev` does not start without the folder, and loses one that appears later.
  await buildSite();
  const ways = (await options.ways?.(addresses)) ?? { edge: addresses, bridge: addresses };
  const plan: Plan = { dir, caller, addresses, ways, secrets, tenant };
  const tokens = await signTokens(secrets.jwt, tenant);
  const watchdog = openWatchdog(secrets.stackId, dir);
  const file = () => describe(plan, tokens, supervisor);
  let isUp = false;
  const supervisor = openSupervisor({
    logsDir: `${dir}/logs`,
    restarts: caller["SQE_DEV_RESTART"] !== "0",
    say,
    onGroups: (leaders) => {
      watchdog.guard(leaders);
      own(leaders).catch((error: unknown) => say(String(error)));
    },
    onRestart: () => (isUp ? writeStackFile(dir, file()) : Promise.resolve()),
  });
  const stop = async () => {
    isUp = false;
    await removeStackFile(dir, secrets.stackId);
    await supervisor.stop();
    watchdog.release();
    await own([]);
    await removeOwner(dir);
  };
  try {
    await startParts(plan, supervisor, say, tenant === undefined ? tokens.alice : undefined);
    await assertEdgeAnswers(addresses.edge);
    await writeStackFile(dir, file());
    isUp = true;
  } catch (error) {
    await stop();
    throw error;
  }
  return { file, stop };
}

function addressesFrom(portBase: number, redisUrl: string | undefined, tenant: OwnTenant | undefined): Addresses {
  const at = (offset: number) => `http://127.0.0.1:${portBase + offset}`;
  return {
    edge: at(0),
    ...given({ sandbox: tenant === undefined ? at(1) : tenant.sandboxUrl }),
    postgres: at(2),
    upstash: at(3),
    redis: redisUrl ?? `redis://127.0.0.1:${portBase + 4}`,
  };
}

/** Takes over a folder, and removes the processes and files that a killed stack may have left. */
async function takeOver(dir: string): Promise<void> {
  const owner = await readOwner(dir);
  if (owner !== undefined) {
    if (await isStill(owner)) {
      throw new Error(
        `Cannot start: process ${owner.pid} runs a stack in ${dir}; stop it, or set SQE_DEV_DIR to another`,
      );
    }
    // Redis overwrites its environment with its title, so only its pid identifies it.
    for (const leader of owner.leaders) if (await isStill(leader)) signalGroup(leader.pid, "SIGKILL");
    await endProcessesOf(owner.stackId);
  }
  await emptyStackDir(dir);
}

/** Records the stack's process and the groups it has started, for the next start after a crash. */
function openOwnership(dir: string, stackId: string): (leaders: number[]) => Promise<void> {
  const write = async (leaders: number[]) => {
    const me = await identify(process.pid);
    await writeOwner(dir, { stackId, ...me, leaders: await Promise.all(leaders.map(identify)) });
  };
  let written = Promise.resolve();
  // One after the other, since each replaces the same file.
  return (leaders) => (written = written.then(() => write(leaders)));
}

async function assertPortsFree(addresses: Addresses, isGiven: Readonly<Record<"redis" | "sandbox", boolean>>) {
  for (const [name, url] of Object.entries(addresses)) {
    if ((name === "redis" || name === "sandbox") && isGiven[name]) continue;
    const port = Number(new URL(url).port);
    if (await isPortFree(port)) continue;
    throw new Error(`Cannot start ${name}: port ${port} of 127.0.0.1 is taken; set PORT_BASE to move all ports`);
  }
}

async function startParts(
  plan: Plan,
  supervisor: Supervisor,
  say: (line: string) => void,
  sandboxToken: string | undefined,
): Promise<void> {
  const { caller, dir, addresses, ways, secrets, tenant } = plan;
  const envFile = await writeEnvironment(dir, "worker", workerEnvironment(caller, ways.edge, secrets, sandboxToken));
  await writeEnvironment(dir, "bridge", bridgeEnvironment(caller, ways.bridge, secrets));
  const redis = async () => {
    if (caller["REDIS_URL"] === undefined) await supervisor.start(redisPart(plan, await findRedisProgram(say)));
    await supervisor.start(upstashPart(plan));
  };
  const first = [
    redis(),
    supervisor.start(postgresPart(plan)),
    ...(addresses.sandbox === undefined || tenant !== undefined
      ? []
      : [supervisor.start(sandboxPart(plan, addresses.sandbox))]),
    supervisor.start(edgePart(plan, envFile)),
  ];
  await Promise.all(first);
  await supervisor.start(bridgePart(plan));
}

/** Checks the Worker, since wrangler reports ready before the Worker has read its variables. */
async function assertEdgeAnswers(edge: string): Promise<void> {
  const answer = await fetch(`${edge}/healthz`);
  if (!answer.ok) throw new Error(`Cannot start edge: /healthz answers ${answer.status}; see logs/edge.log`);
}

function describe(plan: Plan, tokens: StackFile["tokens"], supervisor: Supervisor): StackFile {
  const { addresses, secrets } = plan;
  const pid = (name: string, field: string) => {
    const found = supervisor.pidOf(name);
    return found === undefined ? {} : { [field]: found };
  };
  return {
    edge: addresses.edge,
    ...given({ sandbox: addresses.sandbox }),
    upstash: addresses.upstash,
    redis: addresses.redis,
    neon: databaseUrl("sqe_app", addresses, secrets),
    neonHttp: `${addresses.postgres}/sql`,
    neonAdmin: databaseUrl("postgres", addresses, secrets),
    upstashToken: secrets.upstashToken,
    ...pid("bridge", "bridgePid"),
    ...pid("edge", "edgePid"),
    ...pid("sandbox", "sandboxPid"),
    ...pid("redis", "redisPid"),
    tokens,
  };
}
