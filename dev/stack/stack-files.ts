import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** What `stack.json` says about a running stack (DESIGN section 6). URLs are without trailing slash. */
const StackFile = z.object({
  edge: z.url(),
  /** What answers as Marketing Cloud; absent when a real one does. */
  sandbox: z.url().optional(),
  upstash: z.url(),
  redis: z.string(),
  /** postgres:// URL of sqe_app, the role that row level security binds. */
  neon: z.string(),
  /** The endpoint of Neon's SQL-over-HTTP: the value for `neonConfig.fetchEndpoint`. */
  neonHttp: z.url(),
  /** postgres:// URL of the superuser, for the same endpoint. */
  neonAdmin: z.string(),
  upstashToken: z.string(),
  bridgePid: z.int().optional(),
  edgePid: z.int().optional(),
  sandboxPid: z.int().optional(),
  /** Absent when REDIS_URL names a Redis that is not ours. */
  redisPid: z.int().optional(),
  /** carol is of the sandbox's second tenant. */
  tokens: z.object({ alice: z.string(), bob: z.string(), carol: z.string().optional(), operator: z.string() }),
});
export type StackFile = z.infer<typeof StackFile>;

/** `stack.json` of a stack on the sandbox, as `npm run dev` writes it unless a tenant's variables are set. */
export type SandboxStackFile = StackFile & { sandbox: string; tokens: { carol: string } };

const Process = z.object({ pid: z.int(), birth: z.string().optional() });
const Owner = Process.extend({ stackId: z.string(), leaders: z.array(Process) });
/** The process that runs the stack in a folder, and the leaders of the process groups it has started. */
export type Owner = z.infer<typeof Owner>;

const names = { stack: "stack.json", owner: "owner.json", bridge: "bridge.env", worker: "worker.env" } as const;
// Everything that a stack writes; other files of the folder are never touched.
const state = [...Object.values(names), "logs", "redis", "postgres", "edge"];

/** Removes what an earlier stack left in a folder, and creates the folder if it is absent. */
export async function emptyStackDir(dir: string): Promise<void> {
  for (const name of state) await rm(join(dir, name), { recursive: true, force: true });
  for (const name of ["logs", "redis", "edge"]) await mkdir(join(dir, name), { recursive: true, mode: 0o700 });
}

/** Writes `stack.json` by a rename, so that a reader sees all of it or nothing. */
export async function writeStackFile(dir: string, file: StackFile): Promise<void> {
  await writePrivate(dir, names.stack, `${JSON.stringify(file, null, 2)}\n`);
}

/** Returns what runs in a folder; undefined when nothing does. */
export async function readStackFile(dir: string): Promise<StackFile | undefined> {
  return readJson(join(dir, names.stack), StackFile);
}

/** Removes `stack.json`, unless the folder belongs to another stack by now. */
export async function removeStackFile(dir: string, stackId: string): Promise<void> {
  if ((await readOwner(dir))?.stackId === stackId) await rm(join(dir, names.stack), { force: true });
}

/** Returns the process that last ran a stack in a folder. */
export async function readOwner(dir: string): Promise<Owner | undefined> {
  return readJson(join(dir, names.owner), Owner);
}

/** Records which process runs a stack in a folder. */
export async function writeOwner(dir: string, owner: Owner): Promise<void> {
  await writePrivate(dir, names.owner, JSON.stringify(owner));
}

/** Frees a folder for the next stack. */
export async function removeOwner(dir: string): Promise<void> {
  await rm(join(dir, names.owner), { force: true });
}

/**
 * Writes a program's environment to a file that only the user can read, and returns its path.
 *
 * @throws when a value cannot be written to such a file
 */
export async function writeEnvironment(
  dir: string,
  program: "bridge" | "worker",
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const lines = Object.entries(environment).map(([name, value]) => {
    if (/[\n\r'"`#\\]/.test(value)) throw new Error(`Cannot pass ${name} on: it has a quote, a # or a line break`);
    return `${name}=${value}\n`;
  });
  return writePrivate(dir, names[program], lines.join(""));
}

/** Returns the text of an environment file written by `writeEnvironment`. */
export function readEnvironment(dir: string, program: "bridge" | "worker"): Promise<string> {
  return readFile(join(dir, names[program]), "utf8");
}

async function writePrivate(dir: string, name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return path;
}

async function readJson<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    // Truncated by a crash, so it counts as absent.
    return undefined;
  }
}
