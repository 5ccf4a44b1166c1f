import { crc32 } from "node:zlib";
import { assert, constantFrom, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { drawKey, readKey } from "#protocol/key-format.ts";

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes);
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The number that six letters of base62 stand for. */
const numberOf = (digits: string) => digits.split("").reduce((sum, digit) => sum * 62 + letters.indexOf(digit), 0);

describe("drawKey()", () => {
  it("ends with the CRC32 of what comes before", () => {
    const { key } = drawKey("sqe", "production", random);
    expect(numberOf(key.slice(-6))).toBe(crc32(key.slice(0, -6)));
  });

  it("uses every letter about equally often", () => {
    const drawn = Array.from({ length: 1000 }, () => drawKey("sqe", "development", random).key.slice(17, 49)).join("");
    const counts = letters.split("").map((letter) => drawn.split(letter).length - 1);
    // 32,000 letters: 516 of each, with a standard deviation of 23.
    expect(Math.min(...counts)).toBeGreaterThan(380);
    expect(Math.max(...counts)).toBeLessThan(650);
  });
});

describe("readKey()", () => {
  it("reads what was drawn, for its own prefix only", () => {
    const { id, key } = drawKey("sqeop", "rehearsal", random);
    expect(readKey("sqeop", key)).toEqual({ id, environment: "test" });
    expect(readKey("sqe", key)).toBeUndefined();
  });

  it("takes a key with one wrong letter for none", () => {
    const { key } = drawKey("sqe", "production", random);
    const from = "sqe_live_".length;
    assert(
      property(nat(key.length - from - 1), constantFrom(...letters.split("")), (at, letter) => {
        const place = from + at;
        if (key[place] === letter) return;
        expect(readKey("sqe", `${key.slice(0, place)}${letter}${key.slice(place + 1)}`)).toBeUndefined();
      }),
    );
  });

  it.each(["", "sqe_live_", "sqe_live_12345678_x", "a.b.c"])("takes %j for none", (text) => {
    expect(readKey("sqe", text)).toBeUndefined();
  });
});
