import { useEffect } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import { TopBar } from "../bar/top-bar.tsx";
import { Editor } from "../editor/editor.tsx";
import { ResultPane } from "../result/result-pane.tsx";
import { ParametersBar } from "../run/parameters-bar.tsx";
import { RunBar } from "../run/run-bar.tsx";
import { SchemaPane } from "../schema/schema-pane.tsx";
import { keep, kept } from "../state/kept.ts";
import { change, usePage } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { TabStrip } from "../tabs/tab-strip.tsx";
import { words } from "../words/en.ts";
import css from "./app.module.css";
import { watchKeys } from "./keys.ts";
import { useNarrow } from "./use-narrow.ts";

/** The page of somebody who is signed in. */
export function Shell() {
  useEffect(watchKeys, []);
  const isNarrow = useNarrow();
  const isSchemaOpen = usePage((state) => state.isSchemaOpen);
  // Over a narrow page it is a drawer, which nobody has opened yet.
  useEffect(() => change({ isSchemaOpen: !isNarrow }), [isNarrow]);
  return (
    <div className={css["app"]}>
      <TopBar />
      {isNarrow ? (
        <>
          <Work isNarrow />
          {isSchemaOpen && <Drawer />}
        </>
      ) : (
        <Group
          // Here and not further in, so that the separator is in it, too.
          role="main"
          className={css["body"]}
          orientation="horizontal"
          defaultLayout={layoutKept("columns")}
          onLayoutChanged={(layout) => keepLayout("columns", layout, isSchemaOpen)}
        >
          {isSchemaOpen && (
            <>
              <Panel id="schema" defaultSize="22%" minSize="150px" maxSize="45%">
                <SchemaPane />
              </Panel>
              <Separator className={css["upright"]} aria-label={words.panes.schema} />
            </>
          )}
          <Panel id="work" minSize="320px">
            <Work isNarrow={false} />
          </Panel>
        </Group>
      )}
    </div>
  );
}

/** The data over a narrow page; Escape or a press beside it closes it. */
function Drawer() {
  const close = () => change({ isSchemaOpen: false });
  return (
    <>
      <div className={css["veil"]} aria-hidden onClick={close} />
      <div className={css["drawer"]} onKeyDown={({ key }) => key === "Escape" && close()}>
        <SchemaPane />
      </div>
    </>
  );
}

function Work({ isNarrow }: { isNarrow: boolean }) {
  const id = usePage((state) => activeTab(state).id);
  const pane = usePage((state) => state.pane);
  return (
    <div className={css["work"]} role={isNarrow ? "main" : undefined}>
      <TabStrip />
      <div role="tabpanel" id="work" aria-labelledby={`tab-${id}`} className={css["panel"]}>
        {isNarrow && <PaneSwitch />}
        <Group
          orientation="vertical"
          className={css["body"]}
          defaultLayout={isNarrow ? undefined : layoutKept("rows")}
          onLayoutChanged={(layout) => keepLayout("rows", layout, !isNarrow)}
        >
          {(!isNarrow || pane === "query") && (
            <Panel id="query" defaultSize="44%" minSize="110px" className={css["query"]}>
              <section className={css["query"]} aria-label={words.panes.query} data-pane="query">
                <RunBar />
                <ParametersBar />
                <Editor />
              </section>
            </Panel>
          )}
          {!isNarrow && <Separator className={css["flat"]} aria-label={words.panes.result} />}
          {(!isNarrow || pane === "result") && (
            <Panel id="result" minSize="90px">
              <ResultPane />
            </Panel>
          )}
        </Group>
      </div>
    </div>
  );
}

function PaneSwitch() {
  const pane = usePage((state) => state.pane);
  return (
    <div className={css["switch"]} role="group" aria-label={words.panes.query}>
      {(["query", "result"] as const).map((name) => (
        <button key={name} type="button" aria-pressed={pane === name} onClick={() => change({ pane: name })}>
          {words.panes[name]}
        </button>
      ))}
    </div>
  );
}

type Layout = Record<string, number>;

function layoutKept(name: string): Layout | undefined {
  const layout = kept(`layout.${name}`);
  if (typeof layout !== "object" || layout === null) return undefined;
  return Object.values(layout).every((size) => typeof size === "number") ? (layout as Layout) : undefined;
}

function keepLayout(name: string, layout: Layout, isWhole: boolean): void {
  if (isWhole) keep(`layout.${name}`, layout);
}
