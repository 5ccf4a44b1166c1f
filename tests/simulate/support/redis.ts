import type { Redis } from "ioredis";
import type { Life } from "./life.ts";

type Entry = { id: string; order: number; fields: string[] };
type Group = { delivered: number; pending: Map<number, { at: number }> };
type Stream = { entries: Entry[]; groups: Map<string, Group> };

/** Redis in memory, as far as this engine uses it beside BullMQ and the lines. */
export type ModelRedis = ReturnType<typeof openModelRedis>;

/** Opens an empty Redis. */
export function openModelRedis(now: () => number) {
  const streams = new Map<string, Stream>();
  const keys = new Map<string, number>();
  const subscribers = new Set<(channel: string, message: string) => void>();
  const waiting = new Set<() => void>();
  const lastOf = new Map<string, string[]>();
  let order = 0;
  const state = { isUp: true };
  const up = new Set<() => void>();

  function streamOf(key: string): Stream {
    const known = streams.get(key) ?? { entries: [], groups: new Map() };
    streams.set(key, known);
    return known;
  }

  function groupOf(key: string, name: string): { stream: Stream; group: Group } {
    const stream = streams.get(key);
    const group = stream?.groups.get(name);
    if (stream === undefined || group === undefined) throw new Error(`NOGROUP No such key '${key}' or consumer group`);
    return { stream, group };
  }

  function xadd(key: string, fields: string[]): string {
    const id = `${now()}-${(order += 1)}`;
    streamOf(key).entries.push({ id, order, fields });
    lastOf.set(key, fields);
    for (const wake of waiting) wake();
    return id;
  }

  return {
    xadd,
    /** Adds the stream's last entry once more, as a sender does that has lost the answer. */
    repeat(key: string): void {
      const fields = lastOf.get(key);
      if (fields !== undefined) xadd(key, fields);
    },
    /** Resolves when Redis answers: commands wait for it, as ioredis does here. */
    async ready(): Promise<void> {
      while (!state.isUp) await new Promise<void>((resolve) => up.add(resolve));
    },
    isUp: () => state.isUp,
    setUp(next: boolean): void {
      state.isUp = next;
      if (!next) return;
      for (const resume of up) resume();
      up.clear();
    },
    /** Loses everything, as FLUSHALL or a failover to an empty replica does. */
    clear(): void {
      streams.clear();
      keys.clear();
      for (const wake of waiting) wake();
    },
    xgroupCreate(key: string, name: string): void {
      const { groups } = streamOf(key);
      if (groups.has(name)) throw new Error("BUSYGROUP Consumer Group name already exists");
      groups.set(name, { delivered: 0, pending: new Map() });
    },
    /** New entries for a consumer of the group, or nothing. */
    readGroup(key: string, name: string, count: number): Entry[] {
      const { stream, group } = groupOf(key, name);
      const fresh = stream.entries.filter((entry) => entry.order > group.delivered).slice(0, count);
      for (const entry of fresh) {
        group.delivered = entry.order;
        group.pending.set(entry.order, { at: now() });
      }
      return fresh;
    },
    /** Takes over what has been pending for long; entries that are gone leave the list. */
    autoclaim(key: string, name: string, minIdleMs: number): Entry[] {
      const { stream, group } = groupOf(key, name);
      const idle = [...group.pending].filter(([, { at }]) => now() - at >= minIdleMs).map(([id]) => id);
      return idle.flatMap((id) => {
        const entry = stream.entries.find((one) => one.order === id);
        if (entry === undefined) group.pending.delete(id);
        else group.pending.set(id, { at: now() });
        return entry ?? [];
      });
    },
    acknowledge(key: string, name: string, ids: readonly string[]): void {
      const { stream, group } = groupOf(key, name);
      for (const entry of stream.entries.filter(({ id }) => ids.includes(id))) group.pending.delete(entry.order);
      stream.entries = stream.entries.filter(({ id }) => !ids.includes(id));
    },
    /** Resolves when an entry may have come. */
    added: () => new Promise<void>((resolve) => waiting.add(resolve)),
    range: (key: string): Entry[] => streams.get(key)?.entries ?? [],
    set: (key: string, seconds: number) => void keys.set(key, now() + seconds * 1000),
    exists: (key: string) => (keys.get(key) ?? 0) > now(),
    publish(channel: string, message: string): void {
      for (const hear of subscribers) hear(channel, message);
    },
    subscribe: (hear: (channel: string, message: string) => void) => void subscribers.add(hear),
  };
}

type Reply = [string, [string, string[]][]];

/** The model as a connection of one process's ioredis. */
export function redisOf(model: ModelRedis, life: Life): Redis {
  const { platform } = life;
  const command = <T>(name: string, work: () => T) =>
    life.effect(`redis ${name}`, async () => {
      await model.ready();
      return work();
    });
  const plain = (entries: Entry[]) => entries.map(({ id, fields }): [string, string[]] => [id, fields]);
  const connection = {
    status: "ready",
    set: (key: string, _value: string, _ex: "EX", seconds: number) => command("set", () => model.set(key, seconds)),
    exists: (key: string) => command("exists", () => (model.exists(key) ? 1 : 0)),
    xgroup: (_verb: "CREATE", key: string, group: string) =>
      life.routine(async () => {
        await model.ready();
        model.xgroupCreate(key, group);
      }),
    async xreadgroup(...words: (string | number)[]): Promise<Reply[] | null> {
      const [, group, , , count, , blockMs, , key] = words;
      const until = platform.monotonic() + Number(blockMs);
      for (;;) {
        const fresh = await life.routine(async () => {
          await model.ready();
          return model.readGroup(String(key), String(group), Number(count));
        });
        if (fresh.length > 0) return [[String(key), plain(fresh)]];
        if (platform.monotonic() >= until) return null;
        await Promise.race([model.added(), platform.sleep(until - platform.monotonic())]);
      }
    },
    xautoclaim: (key: string, group: string, _consumer: string, minIdleMs: number) =>
      life.routine(async () => {
        await model.ready();
        return ["0-0", plain(model.autoclaim(key, group, minIdleMs))];
      }),
    /** The two scripts beside those of the lines: an entry of a kept stream, and an acknowledgement. */
    eval: (script: string, _keys: number, key: string, ...words: string[]) =>
      script.includes("XACK")
        ? command("acknowledge", () => model.acknowledge(key, String(words[0]), words.slice(1)))
        : command("log", () => model.xadd(key, words.slice(0, 2))),
    on(_event: "message", hear: (channel: string, message: string) => void) {
      model.subscribe((channel, message) => void (life.isOver() || hear(channel, message)));
    },
    subscribe: () => Promise.resolve(),
    disconnect: () => undefined,
  };
  // It has the commands that the bridge's code calls with these connections, and no others.
  return connection as unknown as Redis;
}
