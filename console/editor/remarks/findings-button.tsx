import { CheckCircle2, CircleAlert, CircleHelp, Info, TriangleAlert } from "lucide-react";
import { Button } from "../../parts/button.tsx";
import { PopButton } from "../../parts/menu.tsx";
import css from "../../run/run-bar.module.css";
import type { Findings } from "../../state/tab.ts";
import { words } from "../../words/en.ts";
import { sentence } from "../../words/sentence.ts";
import { goTo } from "../current-editor.ts";
import { makeFixes } from "./remark-keys.ts";

const { editor: texts } = words;

/** Whether the query is right, in two words; a press shows every remark. */
export function FindingsButton({ findings, isEmpty }: { findings: Findings | undefined; isEmpty: boolean }) {
  if (findings === undefined) return isEmpty ? null : <span className={css["findings"]}>{texts.checking}</span>;
  const [look, icon, text] = summaryOf(findings);
  return (
    <PopButton
      className={css["findings"]}
      data-look={look}
      title={texts.remarksTitle}
      content={(close) => <Remarks findings={findings} close={close} />}
    >
      {icon}
      {text}
    </PopButton>
  );
}

function Remarks({ findings, close }: { findings: Findings; close: () => void }) {
  const fixable = findings.diagnostics.filter(({ edits }) => edits !== undefined);
  const fix = (some: Findings["diagnostics"]) => () => {
    close();
    makeFixes(some);
  };
  return (
    <div className={css["list"]}>
      <p className={css["by"]}>{byWords(findings)}</p>
      <ul>
        {findings.diagnostics.map((it) => (
          <li
            key={`${it.code}:${it.line}:${it.column}`}
            className={css["remark"]}
            data-severity={it.severity ?? "error"}
          >
            <button
              type="button"
              className={css["words"]}
              onClick={() => {
                close();
                goTo(it.line, it.column);
              }}
            >
              {sentence(it.message)}
              <small>{[words.result.line(it.line), it.fix].filter(Boolean).join(" · ")}</small>
            </button>
            {it.edits !== undefined && <Button onPress={fix([it])}>{words.result.fix}</Button>}
          </li>
        ))}
      </ul>
      {fixable.length > 1 && <Button onPress={fix(fixable)}>{words.result.fixAll}</Button>}
      {findings.notes.map((note) => (
        <p key={note} className={css["by"]}>
          {note}
        </p>
      ))}
    </div>
  );
}

function summaryOf({ diagnostics, columns, unchecked }: Findings) {
  const errors = diagnostics.filter(({ severity = "error" }) => severity === "error").length;
  const warnings = diagnostics.filter(({ severity }) => severity === "warning").length;
  const size = { size: 15, "aria-hidden": true } as const;
  if (errors > 0) return ["bad", <CircleAlert key="icon" {...size} />, texts.errors(errors)] as const;
  if (warnings > 0) return ["warn", <TriangleAlert key="icon" {...size} />, texts.remarks(warnings)] as const;
  if (unchecked !== undefined) return ["dim", <CircleHelp key="icon" {...size} />, texts.unchecked] as const;
  const text = columns.length === 0 ? texts.fine : texts.columns(columns.length);
  if (diagnostics.length > 0) return ["good", <Info key="icon" {...size} />, text] as const;
  return ["good", <CheckCircle2 key="icon" {...size} />, text] as const;
}

function byWords({ by, unchecked }: Findings): string {
  if (unchecked !== undefined) return texts.uncheckedDetail(unchecked);
  return { reader: texts.byReader, edge: texts.byEdge, "marketing-cloud": texts.byMarketingCloud }[by];
}
