import { Check } from "lucide-react";
import type { RunState } from "#client/run-state.ts";
import { words } from "../../words/en.ts";
import css from "./states.module.css";

const order = ["preparing", "executing", "confirming"] as const;

/** The parts of a run: those behind it, where it is, and those to come. */
export function Phases({ phase = "preparing" }: { phase: RunState["phase"] }) {
  const { result } = words;
  const at = order.indexOf(phase);
  return (
    <ol className={css["phases"]} aria-label={result.phasesLabel}>
      {order.map((name, index) => (
        <li
          key={name}
          className={css["phase"]}
          data-at={index < at ? "done" : index === at ? "now" : "next"}
          aria-current={index === at ? "step" : undefined}
        >
          <span className={css["mark"]} aria-hidden>
            {index < at && <Check size={11} strokeWidth={3} />}
          </span>
          {result.phases[name]}
        </li>
      ))}
    </ol>
  );
}
