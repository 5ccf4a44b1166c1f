import { useEffect, useRef } from "react";
import { change } from "../state/state.ts";
import { startReader } from "../reader/load-reader.ts";
import css from "./editor.module.css";
import { openEditor } from "./open-editor.ts";

/** The editor. When it is there and has the focus, the reader of SQL is loaded. */
export function Editor() {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    const close = openEditor(host.current);
    performance.mark("sqe-editor-ready");
    startReader();
    return close;
  }, []);
  return <div ref={host} className={css["host"]} onFocus={() => change({ pane: "query" })} data-pane-focus />;
}
