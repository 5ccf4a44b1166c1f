import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deadline } from "#async/deadline.ts";
import { openPlatform } from "#async/platform.ts";

const platform = openPlatform();
const never = new Promise<string>(() => {});

describe("deadline()", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("gives the work's answer and leaves no timer behind", async () => {
    await expect(deadline(platform, Promise.resolve("done"), 1000)).resolves.toBe("done");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("throws what the work throws and leaves no timer behind", async () => {
    await expect(deadline(platform, Promise.reject(new Error("broken")), 1000)).rejects.toThrow("broken");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("throws a TimeoutError when the work is late", async () => {
    const answer = expect(deadline(platform, never, 1000)).rejects.toMatchObject({ name: "TimeoutError" });
    await vi.advanceTimersByTimeAsync(1000);
    await answer;
  });

  it("gives what `late` gives when the work is late", async () => {
    const answer = deadline(platform, never, 1000, () => undefined);
    await vi.advanceTimersByTimeAsync(1000);
    await expect(answer).resolves.toBeUndefined();
  });
});
