import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { openWorld, type World } from "./world.ts";

type Options = {
  /** The sandbox's switches at the start of each test. */
  behaviours?: object;
  /** The tests share one state and may run at once: the world is reset once, and its bridges run on. */
  isShared?: boolean;
};

/** Opens one world for the tests of a file and resets it before each; only hooks and tests may look into it. */
export function useWorld({ behaviours = {}, isShared = false }: Options = {}): World {
  // Empty until the first hook has run.
  const world = {} as World;
  const reset = () => world.reset(behaviours);
  beforeAll(async () => {
    Object.assign(world, await openWorld());
    if (isShared) await reset();
  });
  afterAll(() => world.close());
  if (isShared) return world;
  beforeEach(reset);
  afterEach(async () => {
    await world.calmDown();
    await world.stopBridges();
  });
  return world;
}
