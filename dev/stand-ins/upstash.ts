import { Redis } from "ioredis";
import { z } from "zod";
import { openLoopbackServer, type Answer, type Question, type Server } from "./loopback-server.ts";
import { commandWords, encodeReply, isUnfit, type Reply } from "./upstash-codec.ts";

export type UpstashOptions = {
  redisUrl: string;
  /** The bearer token clients must send. */
  token: string;
  /** 0 or absent for any free port. */
  port?: number;
};

const Command = z.array(z.unknown()).min(1);
const Commands = z.array(Command);
// A stopped Redis keeps its connection; without a deadline its callers would wait forever.
const commandTimeoutMs = 5000;
const firstConnectMs = 2000;

/**
 * Opens Upstash's REST protocol over a Redis. While the Redis cannot be reached it answers 503; it recovers
 * when the Redis is back.
 *
 * @throws when the port is taken
 */
export async function openUpstash(options: UpstashOptions): Promise<Server> {
  const redis = new Redis(options.redisUrl, {
    // As Upstash's REST answers: flat lists, for hashes as for scores.
    protocol: 2,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: commandTimeoutMs,
    retryStrategy: (times) => Math.min(times * 50, 500),
  });
  // Without a listener ioredis prints every lost connection; callers get the 503.
  redis.on("error", () => undefined);
  await firstConnect(redis);
  const server = await openLoopbackServer(options.port ?? 0, async (question) => {
    if (!isAllowed(question, options.token)) return { status: 401, body: { error: "Unauthorized" } };
    return answer(redis, question).catch(refusal);
  });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      redis.disconnect();
    },
  };
}

function firstConnect(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    redis.once("ready", () => resolve());
    setTimeout(resolve, firstConnectMs).unref();
  });
}

function isAllowed({ headers, url }: Question, token: string): boolean {
  return headers.authorization === `Bearer ${token}` || url.searchParams.get("_token") === token;
}

async function answer(redis: Redis, question: Question): Promise<Answer> {
  const asBase64 = question.headers["upstash-encoding"] === "base64";
  switch (question.url.pathname) {
    case "/pipeline":
      return pipeline(redis, Commands.parse(JSON.parse(question.body)), asBase64);
    case "/multi-exec":
      return transaction(redis, Commands.parse(JSON.parse(question.body)), asBase64);
    default: {
      const reply = await send(redis, readCommand(question));
      return { status: 200, body: { result: encodeReply(reply, asBase64) } };
    }
  }
}

/** Reads a command from the body as JSON, or from the path: `/set/key/value?EX=60`, with a body as the last argument. */
function readCommand({ method, url, body }: Question): string[] {
  const path = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  if (path.length === 0) return commandWords(Command.parse(JSON.parse(body)));
  const options = [...url.searchParams].filter(([name]) => name !== "_token").flat();
  return [...path, ...(method === "POST" && body !== "" ? [body] : []), ...options.filter((word) => word !== "")];
}

async function send(redis: Redis, words: string[]): Promise<Reply> {
  const [name = "", ...rest] = words;
  if (isUnfit(words)) throw new Refused(`ERR Command is not available: '${name}'`);
  // ioredis types a reply as unknown; these are all the shapes its parser makes.
  return (await redis.callBuffer(name, ...rest)) as Reply;
}

/** Each command has its own outcome; one that fails does not stop the next. */
async function pipeline(redis: Redis, commands: unknown[][], asBase64: boolean): Promise<Answer> {
  const outcomes = commands.map((command) =>
    send(redis, commandWords(command)).then(
      (reply) => ({ result: encodeReply(reply, asBase64) }),
      (error: unknown) => {
        const refused = refusal(error);
        if (refused.status !== 400) throw error;
        return refused.body;
      },
    ),
  );
  return { status: 200, body: await Promise.all(outcomes) };
}

async function transaction(redis: Redis, commands: unknown[][], asBase64: boolean): Promise<Answer> {
  const all = commands.map(commandWords);
  const bad = all.find(isUnfit);
  if (bad !== undefined) throw new Refused(`EXECABORT Command is not available: '${bad[0]}'`);
  const multi = redis.multi();
  for (const [name = "", ...rest] of all) multi.callBuffer(name, ...rest);
  const outcomes = (await multi.exec()) ?? [];
  const body = outcomes.map(([error, reply]) =>
    // As in `send`: these are the shapes of ioredis' parser.
    error === null ? { result: encodeReply(reply as Reply, asBase64) } : { error: error.message },
  );
  return { status: 200, body };
}

class Refused extends Error {}

/** Redis' own refusals are the caller's (400); anything else means that Redis cannot be reached (503). */
function refusal(error: unknown): Answer {
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return { status: 400, body: { error: "ERR failed to parse command" } };
  }
  if (!(error instanceof Error)) throw error;
  const isCallers = error instanceof Refused || error.name === "ReplyError" || error.message.startsWith("EXECABORT");
  return { status: isCallers ? 400 : 503, body: { error: error.message } };
}
