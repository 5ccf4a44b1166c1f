import type { Addresses } from "../../dev/stack/environment.ts";
import type { Ways } from "../../dev/stack/parts.ts";
import { openWay, type Trouble, type Way } from "./way.ts";

/** Between whom trouble can be. */
export const wayNames = [
  "clients → edge",
  "bridge → edge",
  "bridge → Redis",
  "bridge → Postgres",
  "bridge → Marketing Cloud",
  "edge → Redis",
  "edge → Postgres",
  "edge → Marketing Cloud",
] as const;
export type WayName = (typeof wayNames)[number];

/** The ways between all parts of one stack. */
export type Network = {
  /** Opens them, for `openStack`. */
  lay(addresses: Addresses): Promise<Ways>;
  /** Where clients reach the edge, as a URL without a trailing slash. */
  edgeUrl(): string;
  set(name: WayName, trouble: Trouble): void;
  close(): void;
};

/** Makes the network of one stack. */
export function openNetwork(): Network {
  const ways = new Map<WayName, Way>();
  const through = async (name: WayName, address: string): Promise<string> => {
    const url = new URL(address);
    const way = await openWay(Number(url.port));
    ways.set(name, way);
    url.port = String(way.port);
    return url.href.replace(/\/$/, "");
  };
  let edgeUrl = "";
  return {
    async lay(addresses) {
      const { edge, redis, postgres, upstash, sandbox = "" } = addresses;
      edgeUrl = await through("clients → edge", edge);
      return {
        edge: {
          ...addresses,
          upstash: await through("edge → Redis", upstash),
          postgres: await through("edge → Postgres", postgres),
          sandbox: await through("edge → Marketing Cloud", sandbox),
        },
        bridge: {
          ...addresses,
          edge: await through("bridge → edge", edge),
          redis: await through("bridge → Redis", redis),
          postgres: await through("bridge → Postgres", postgres),
          sandbox: await through("bridge → Marketing Cloud", sandbox),
        },
      };
    },
    edgeUrl: () => edgeUrl,
    set: (name, trouble) => ways.get(name)?.set(trouble),
    close: () => ways.forEach((way) => way.close()),
  };
}
