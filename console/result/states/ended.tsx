import type { RunState } from "#client/run-state.ts";
import { Button } from "../../parts/button.tsx";
import type { Refusal } from "../../state/job.ts";
import { openSheet } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import { clockTime } from "../times.ts";
import { Card } from "./card.tsx";
import { RunAgain } from "./run-again.tsx";

const { result } = words;

/** Nobody knows whether rows were written: a second run may write them twice. */
export function Unknown({ run }: { run: RunState }) {
  const { error, target } = run;
  return (
    <Card
      look="warn"
      title={error?.title ?? result.unknown}
      code={error?.code}
      foot={
        target !== undefined && (
          <Button onPress={() => openSheet({ kind: "preview", table: target.customerKey })}>{result.showTarget}</Button>
        )
      }
    >
      <p>{error?.detail}</p>
      <p>{error?.fix ?? result.unknownDetail}</p>
    </Card>
  );
}

/** A run that somebody stopped. */
export function Stopped({ run }: { run: RunState }) {
  return (
    <Card look="dim" title={result.stopped} foot={<RunAgain />}>
      <p>{run.target === undefined ? result.stoppedDetail : result.stoppedInto(run.target.customerKey)}</p>
    </Card>
  );
}

/** A result that somebody has ended here. */
export function Discarded() {
  return (
    <Card look="dim" title={result.discarded} foot={<RunAgain />}>
      <p>{result.discardedDetail}</p>
    </Card>
  );
}

/** A result that has ended. */
export function Expired({ expiresAt }: { expiresAt: string | undefined }) {
  const time = expiresAt === undefined ? undefined : clockTime(expiresAt, Date.now());
  return <Card look="dim" title={result.expired(time)} foot={<RunAgain />} />;
}

/** A call that the engine refused, or did not answer. */
export function Refused({ refusal: { code, status, detail } }: { refusal: Refusal }) {
  const isSilent = status === 0;
  const title = isSilent ? result.unreachable : code === "RUN_NOT_FOUND" ? result.gone : result.refused;
  return (
    <Card look="bad" title={title} code={isSilent ? undefined : code} foot={<RunAgain />}>
      <p>{isSilent ? result.unreachableDetail : detail}</p>
    </Card>
  );
}
