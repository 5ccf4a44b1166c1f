import { useEffect, useState } from "react";
import { change, usePage } from "../state/state.ts";
import { Button } from "../parts/button.tsx";
import { words } from "../words/en.ts";
import css from "./app.module.css";

/** As long as a sentence is shown. */
const shownMs = 2600;

/** What the page says: for a moment to those who see, and to screen readers. */
export function Said() {
  const { text, count } = usePage(({ said }) => said);
  const isOutdated = usePage((state) => state.isOutdated);
  const [shown, setShown] = useState(0);
  useEffect(() => {
    if (count === 0) return undefined;
    setShown(count);
    const timer = setTimeout(() => setShown(0), shownMs);
    return () => clearTimeout(timer);
  }, [count]);
  return (
    <>
      <p role="status" aria-live="polite" className={css["toast"]} data-shown={shown === count && count > 0}>
        {text}
      </p>
      {isOutdated && (
        <div role="alert" className={css["outdated"]}>
          {words.outdated}
          <Button onPress={() => location.reload()}>{words.reload}</Button>
          <Button look="quiet" onPress={() => change({ isOutdated: false })}>
            {words.close}
          </Button>
        </div>
      )}
    </>
  );
}
