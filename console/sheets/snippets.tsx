import { useState, type SyntheticEvent } from "react";
import { patterns } from "../editor/complete/snippets.ts";
import { textForSnippet } from "../editor/current-editor.ts";
import { insertPattern } from "../editor/insert-pattern.ts";
import { Button } from "../parts/button.tsx";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { SureButton } from "../parts/sure-button.tsx";
import { TextField } from "../parts/text-field.tsx";
import { canKeep } from "../state/kept.ts";
import { ownSnippets, removeSnippet, saveSnippet, snippetLimits } from "../state/own-snippets.ts";
import { closeSheet, say } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";

const { snippets: texts } = words.sheets;

/** A person's own snippets and those of the page: to insert, to save what is in the editor, to delete. */
export function Snippets() {
  const [own, setOwn] = useState(ownSnippets);
  return (
    <SheetFrame title={texts.title}>
      <Save onSaved={() => setOwn(ownSnippets())} />
      {own.length > 0 && (
        <section className={css["block"]}>
          <h3>{texts.own}</h3>
          <ul className={css["list"]}>
            {own.map(({ name, text }) => (
              <li key={name} className={css["line"]}>
                <Pick name={name} detail={firstLine(text)} text={text} />
                <SureButton
                  label={texts.remove}
                  sure={texts.removeSure}
                  onSure={() => {
                    removeSnippet(name);
                    setOwn(ownSnippets());
                  }}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={css["block"]}>
        <h3>{texts.builtIn}</h3>
        <ul className={css["list"]}>
          {patterns.map(({ name, detail, text }) => (
            <li key={name}>
              <Pick name={name} detail={detail} text={text} />
            </li>
          ))}
        </ul>
      </section>
    </SheetFrame>
  );
}

/** Saves what is selected in the editor, or all of it. */
function Save({ onSaved }: { onSaved: () => void }) {
  const [text] = useState(textForSnippet);
  const [name, setName] = useState("");
  if (text.trim() === "") return <p className={css["dim"]}>{texts.nothing}</p>;
  const save = (event: SyntheticEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    if (trimmed === "") return;
    const isSaved = saveSnippet(trimmed, text);
    say(isSaved ? texts.saved(trimmed) : texts.full(snippetLimits));
    if (!isSaved) return;
    setName("");
    onSaved();
  };
  return (
    <form className={css["form"]} onSubmit={save}>
      <TextField
        label={texts.name}
        detail={canKeep() ? texts.detail : texts.notKept}
        value={name}
        maxLength={snippetLimits.nameLength}
        autoComplete="off"
        onChange={setName}
      />
      <pre className={css["text"]} tabIndex={0}>
        {text}
      </pre>
      <Button type="submit" look="primary" isDisabled={name.trim() === ""}>
        {texts.save}
      </Button>
    </form>
  );
}

function Pick({ name, detail, text }: { name: string; detail: string; text: string }) {
  const insert = () => {
    closeSheet();
    // After the sheet has given the focus back.
    setTimeout(() => insertPattern(text), 30);
  };
  return (
    <button type="button" className={css["pick"]} onClick={insert}>
      <span>{name}</span>
      <small>{detail}</small>
    </button>
  );
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
