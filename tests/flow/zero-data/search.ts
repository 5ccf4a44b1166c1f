import type { Canary } from "./canary.ts";
import { formsOf, type FormName } from "./forms.ts";
import { codedRuns, decoded, inflated, type Unpacked } from "./unpack.ts";

/** A canary in a content. `form` says how it was written: `raw`, `base64 gzip raw`. */
export type Hit = Canary & { form: string };

/** Finds canaries in one content. @param isDeep also looks into what is base64 or hexadecimal in it, for smaller ones */
export type Search = (content: Buffer, isDeep: boolean) => Hit[];

type Needle = { canary: Canary; form: FormName; bytes: Buffer };

/** Opens the search for canaries, as many as there are by now. */
export function openSearch({ all }: { all: readonly Canary[] }): Search {
  const needles = all.flatMap((canary) =>
    formsOf(canary.text).map(({ name: form, bytes }) => ({ canary, form, bytes })),
  );
  const find = openMatcher(needles);
  const plain = (content: Buffer): Hit[] => [...find(content)].map(({ canary, form }) => ({ ...canary, form }));

  /** Runs of base64 and digits without a hit. Most are ids, which stand in a thousand places. */
  const clean = new Set<string>();

  const within = (parts: readonly Unpacked[], layersLeft: number): Hit[] =>
    parts.flatMap(({ how, bytes }) =>
      layered(bytes, true, layersLeft).map((hit) => ({ ...hit, form: `${how} ${hit.form}` })),
    );

  const inRun = (run: string, layersLeft: number): Hit[] => {
    const known = `${layersLeft} ${run}`;
    if (clean.has(known)) return [];
    const hits = within(decoded(run), layersLeft);
    if (hits.length === 0) clean.add(known);
    return hits;
  };

  /** What is packed may be coded, and what is coded packed: two layers of it. */
  function layered(content: Buffer, isDeep: boolean, layersLeft: number): Hit[] {
    const hits = plain(content);
    if (layersLeft === 0) return hits;
    const coded = isDeep ? codedRuns(content).flatMap((run) => inRun(run, layersLeft - 1)) : [];
    return [...hits, ...within(inflated(content), layersLeft - 1), ...coded];
  }

  return (content, isDeep) => layered(content, isDeep, 2);
}

/** Finds all needles in one pass, by their first four bytes: a thousand of them in 100 MB, one by one, take minutes. */
function openMatcher(needles: readonly Needle[]): (content: Buffer) => Set<Needle> {
  const byStart = new Map<number, Needle[]>();
  const isStart = new Uint8Array(0x1_0000);
  for (const needle of needles) {
    const start = needle.bytes.readUInt32LE(0);
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
    isStart[start & 0xffff] = 1;
  }
  return (content) => {
    const found = new Set<Needle>();
    for (let at = 0; at + 4 <= content.length; at += 1) {
      // Within the content: an index of a typed array that exists.
      const pair = (content[at] as number) | ((content[at + 1] as number) << 8);
      if (isStart[pair] === 0) continue;
      for (const needle of byStart.get(content.readUInt32LE(at)) ?? [])
        if (!found.has(needle) && content.subarray(at, at + needle.bytes.length).equals(needle.bytes))
          found.add(needle);
    }
    return found;
  };
}
