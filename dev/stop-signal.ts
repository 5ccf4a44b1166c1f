const parentCheckMs = 1000;

/**
 * Settles when this program should end: Ctrl-C, SIGTERM, SIGHUP, or npm, which started it, was killed. A second signal
 * ends it at once; the watchdog then cleans up.
 */
export function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let isTold = false;
    const stop = () => {
      if (isTold) process.exit(130);
      isTold = true;
      resolve(undefined);
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
    if (process.env["npm_lifecycle_event"] === undefined) return;
    const parent = process.ppid;
    const check = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(check);
      resolve(undefined);
    }, parentCheckMs);
    check.unref();
  });
}
