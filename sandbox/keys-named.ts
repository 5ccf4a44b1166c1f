import type { Request } from "./http.ts";

const places = [
  /\/key[/:]([^/?]+)/gi,
  /<(?:\w+:)?CustomerKey[^<>]*>([^<]+)</g,
  /<(?:\w+:)?Property>(?:\w+\.)?CustomerKey<[\s\S]*?<(?:\w+:)?Value[^<>]*>([^<]+)</g,
  /"(?:customerKey|key)"\s*:\s*"([^"]+)"/gi,
] as const;

/** The CustomerKeys that a request names: in its path, its objects, or a filter by one key. */
export function keysNamed({ path, body }: Request): readonly string[] {
  const found = [path, body].flatMap((text) => places.flatMap((place) => [...text.matchAll(place)].map((it) => it[1])));
  return [...new Set(found.flatMap((key) => key ?? []))];
}
