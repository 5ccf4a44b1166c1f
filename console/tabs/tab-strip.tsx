import { ChevronDown, Plus, X } from "lucide-react";
import { useRef, type DragEvent, type KeyboardEvent } from "react";
import { linkTo } from "../app/address.ts";
import { copyText } from "../parts/copy.ts";
import button from "../parts/button.module.css";
import { IconButton } from "../parts/button.tsx";
import { MenuButton } from "../parts/menu.tsx";
import { dropHandle } from "../run/handles.ts";
import { isLive } from "../state/job.ts";
import { openSheet, say, usePage } from "../state/state.ts";
import type { Tab } from "../state/tab.ts";
import { activate, activeTab, closeTab, moveTab, openTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import css from "./tab-strip.module.css";

/** The tabs. Arrow keys go from one to the next, Delete closes one, a drag or Shift+Alt+arrows moves one. */
export function TabStrip() {
  const tabs = usePage((state) => state.tabs);
  const front = usePage(activeTab);
  const list = useRef<HTMLDivElement>(null);
  const go = (tab: Tab | undefined) => {
    if (tab === undefined) return;
    activate(tab.id);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === front.id);
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by !== 0 && event.shiftKey && event.altKey) moveTab(front.id, at + by);
    else if (by !== 0) go(tabs[(at + by + tabs.length) % tabs.length]);
    else if (event.key === "Delete") close(front.id);
    else if (event.key === "F2") openSheet({ kind: "rename", tabId: front.id });
    else return;
    event.preventDefault();
  };
  return (
    <div className={css["strip"]}>
      <div ref={list} role="tablist" aria-label={words.tabs.list} className={css["list"]} onKeyDown={onKeyDown}>
        {tabs.map((tab, index) => (
          <OneTab key={tab.id} tab={tab} index={index} isFront={tab.id === front.id} />
        ))}
      </div>
      <TabMenu tab={front} at={tabs.indexOf(front)} />
      <IconButton label={words.tabs.add} icon={<Plus size={17} />} onPress={() => openTab()} />
    </div>
  );
}

/** The type of what is dragged: another page's drag has another type. */
const dragged = "application/x-sqe-tab";

function OneTab({ tab, index, isFront }: { tab: Tab; index: number; isFront: boolean }) {
  const state = stateOf(tab);
  const drop = (event: DragEvent) => {
    const id = event.dataTransfer.getData(dragged);
    if (id !== "") moveTab(id, index);
  };
  return (
    <div
      role="tab"
      id={`tab-${tab.id}`}
      aria-selected={isFront}
      aria-controls={isFront ? "work" : undefined}
      tabIndex={isFront ? 0 : -1}
      className={css["tab"]}
      draggable
      onClick={() => activate(tab.id)}
      onDoubleClick={() => openSheet({ kind: "rename", tabId: tab.id })}
      onAuxClick={(event) => event.button === 1 && close(tab.id)}
      onDragStart={(event) => event.dataTransfer.setData(dragged, tab.id)}
      onDragOver={(event) => event.dataTransfer.types.includes(dragged) && event.preventDefault()}
      onDrop={drop}
    >
      <span>{tab.name}</span>
      {state !== undefined && (
        <span className={css["dot"]} data-state={state} role="img" aria-label={words.tabs[state]} />
      )}
      {/* For the mouse; the keyboard closes by Delete. A button inside a tab could not be reached. */}
      <span
        aria-hidden
        className={css["close"]}
        title={words.tabs.closeThis}
        onClick={(event) => {
          event.stopPropagation();
          close(tab.id);
        }}
      >
        <X size={13} />
      </span>
    </div>
  );
}

function stateOf({ job, isUnseen }: Tab): "running" | "unseen" | "failed" | undefined {
  if (job === undefined) return undefined;
  if (isLive(job)) return "running";
  if (job.refusal?.status === 401) return undefined;
  if (job.refusal !== undefined || job.run?.status === "failed") return "failed";
  return isUnseen ? "unseen" : undefined;
}

function close(id: string): void {
  dropHandle(id);
  closeTab(id);
}

function TabMenu({ tab, at }: { tab: Tab; at: number }) {
  const { tabs } = words;
  const copyLink = async () => say(copyText(await linkTo(tab.sql)) ? tabs.linkCopied : words.grid.notCopied);
  return (
    <MenuButton
      label={tabs.menu(tab.name)}
      className={button["icon"]}
      choices={[
        { id: "rename", label: tabs.rename, keys: "F2", onChoose: () => openSheet({ kind: "rename", tabId: tab.id }) },
        { id: "left", label: tabs.moveLeft, onChoose: () => moveTab(tab.id, at - 1) },
        { id: "right", label: tabs.moveRight, onChoose: () => moveTab(tab.id, at + 1) },
        { id: "link", label: tabs.copyLink, onChoose: () => void copyLink() },
        "line",
        { id: "close", label: tabs.close(tab.name), keys: "Alt+W", onChoose: () => close(tab.id) },
      ]}
    >
      <ChevronDown size={15} aria-hidden />
    </MenuButton>
  );
}
