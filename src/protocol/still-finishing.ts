import type { FlowName } from "./target.ts";

/** What a query that its run no longer waits for may still do: MCE cannot abort it (R10). */
export function stillFinishing(flow: FlowName): string {
  switch (flow) {
    case "run-to-temp":
      return "Marketing Cloud cannot abort a query: it may still be finishing this one; its rows are discarded";
    case "run-to-target":
      return "Marketing Cloud cannot abort a query: it may still finish this one and write its rows into the target";
  }
}
