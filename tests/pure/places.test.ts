import { describe, expect, it } from "vitest";
import { placesOf } from "#lang/places.ts";

describe("placesOf()", () => {
  it("tells where an error was thrown, at most six places", () => {
    const places = placesOf(new Error("row value"));
    expect(places[0]).toMatch(/^at .*places\.test\.ts:\d+:\d+/);
    expect(places.length).toBeLessThanOrEqual(6);
  });

  it("tells nothing of a message, even of one that looks like places", () => {
    const error = new Error("Cannot read\n    at Secret (row:1:1)\n    at Value (row:2:1)");
    expect(placesOf(error).join()).not.toMatch(/Secret|Value|Cannot/);
    error.message = "changed";
    expect(placesOf(error)).toEqual([]);
    expect(placesOf("a text that was thrown")).toEqual([]);
  });
});
