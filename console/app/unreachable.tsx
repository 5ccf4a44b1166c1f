import { Button } from "../parts/button.tsx";
import { openSession } from "../session/session.ts";
import { usePage } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./app.module.css";

/** Nobody answers. */
export function Unreachable() {
  const detail = usePage(({ session }) => (session.kind === "unreachable" ? session.detail : ""));
  return (
    <main className={css["unreachable"]}>
      <h1>{words.unreachable}</h1>
      <p>{detail}</p>
      <Button look="primary" onPress={() => void openSession()}>
        {words.tryAgain}
      </Button>
    </main>
  );
}
