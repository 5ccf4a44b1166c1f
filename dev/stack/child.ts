/** Reports to the supervisor that this part is ready, and ends this process when the supervisor is gone. */
export function announceReady(url: string): void {
  process.on("disconnect", () => process.exit(0));
  process.send?.({ event: "READY", url });
}

/**
 * Returns a variable that a part requires.
 *
 * @throws when it is absent
 */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`Cannot start: ${name} is missing`);
  return value;
}
