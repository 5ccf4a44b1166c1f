import { SheetFrame } from "../parts/sheet-frame.tsx";
import { words } from "../words/en.ts";
import { shortcuts } from "../words/en/shortcuts.ts";
import css from "./sheets.module.css";

/** Every key. */
export function Shortcuts() {
  return (
    <SheetFrame title={words.sheets.shortcuts.title} size="large">
      <div className={css["keys"]}>
        {shortcuts.map(({ place, keys }) => (
          <section key={place}>
            <h3>{words.sheets.shortcuts[place]}</h3>
            <dl>
              {keys.map(([press, does]) => (
                <div key={press} style={{ display: "contents" }}>
                  <dt>
                    <kbd>{press}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </SheetFrame>
  );
}
