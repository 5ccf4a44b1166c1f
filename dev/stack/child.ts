/** Tells the supervisor that this part can be used, and ends it when the supervisor is gone. */
export function announceReady(url: string): void {
  process.on("disconnect", () => process.exit(0));
  process.send?.({ event: "READY", url });
}

/**
 * Returns a variable a part cannot start without.
 *
 * @throws when it is absent
 */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`Cannot start: ${name} is missing`);
  return value;
}
