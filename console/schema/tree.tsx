import { useVirtualizer } from "@tanstack/react-virtual";
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { needFields } from "../engine/catalogue.ts";
import { words } from "../words/en.ts";
import { copyName, insertNode, previewNode } from "./actions.ts";
import type { Node } from "./nodes.ts";
import css from "./schema.module.css";
import { TreeLine } from "./tree-line.tsx";

/** Pixels; the style sheet has the same. */
const lineHeight = 26;
/** Letters typed within this belong together. */
const typeAheadMs = 700;

/** The tree: only the lines in view are rendered, so that 10,000 tables cost no more than ten. */
export function Tree({ nodes, onToggle }: { nodes: readonly Node[]; onToggle: (id: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const [activeId, setActive] = useState<string>();
  const typed = useRef({ text: "", at: 0 });
  const at = Math.max(
    0,
    nodes.findIndex((node) => node.id === activeId),
  );
  const virtual = useLines(box, nodes.length);
  const go = (to: number) => {
    const node = nodes[Math.max(0, Math.min(nodes.length - 1, to))];
    if (node === undefined) return;
    setActive(node.id);
    virtual.scrollToIndex(nodes.indexOf(node), { align: "auto" });
  };
  const toggle = (node: Node) => {
    if (node.kind === "table" && node.isOpen === false) needFields(node.table.name);
    if (node.isOpen !== undefined) onToggle(node.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.floor((box.current?.clientHeight ?? 300) / lineHeight);
    if (press(event, { toggle, go, nodes, at, page }, typed.current)) event.preventDefault();
  };
  return (
    <div
      ref={box}
      role="tree"
      tabIndex={0}
      aria-label={words.schema.label}
      aria-description={words.schema.help}
      aria-activedescendant={`${id}-${at}`}
      className={css["tree"]}
      data-grid
      onKeyDown={onKeyDown}
    >
      <div role="none" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const node = nodes[index];
          return (
            node && (
              <TreeLine
                key={node.id}
                node={node}
                id={`${id}-${index}`}
                top={start}
                isActive={index === at}
                onPick={() => setActive(node.id)}
                onToggle={() => toggle(node)}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** Does what a key stands for. @returns whether it stands for anything */
function press(event: KeyboardEvent, moves: Moves, typed: { text: string; at: number }): boolean {
  const { go, nodes, at, page } = moves;
  const active = nodes[at];
  if (active === undefined) return false;
  const next = moveBy(event.key, nodes, at, page);
  if (next === undefined) return act(event, active, moves) || typeAhead(event, nodes, at, typed, go);
  go(next);
  return true;
}

function moveBy(key: string, nodes: readonly Node[], at: number, page: number): number | undefined {
  const by: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
  if (key === "Home") return 0;
  if (key === "End") return nodes.length - 1;
  const step = by[key];
  return step === undefined ? undefined : at + step;
}

function useLines(box: RefObject<HTMLDivElement | null>, count: number) {
  return useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => lineHeight, overscan: 12 });
}

type Moves = {
  toggle: (node: Node) => void;
  go: (to: number) => void;
  nodes: readonly Node[];
  at: number;
  /** As many lines as are seen. */
  page: number;
};

function act({ key, ctrlKey, metaKey }: KeyboardEvent, node: Node, { toggle, go, nodes, at }: Moves): boolean {
  if (key === "ArrowRight") {
    if (node.isOpen === false) toggle(node);
    else go(at + 1);
  } else if (key === "ArrowLeft") {
    if (node.isOpen === true) toggle(node);
    else go(nodes.findLastIndex(({ level }, index) => index < at && level < node.level));
  } else if (key === "Enter") {
    if (!insertNode(node)) toggle(node);
  } else if (key === " ") {
    if (!previewNode(node)) toggle(node);
  } else if ((ctrlKey || metaKey) && key.toLowerCase() === "c") copyName(node);
  else return false;
  return true;
}

function typeAhead(
  { key, ctrlKey, metaKey, altKey }: KeyboardEvent,
  nodes: readonly Node[],
  at: number,
  typed: { text: string; at: number },
  go: (to: number) => void,
): boolean {
  if (key.length !== 1 || ctrlKey || metaKey || altKey || key === "?") return false;
  const now = Date.now();
  typed.text = now - typed.at > typeAheadMs ? key.toLowerCase() : typed.text + key.toLowerCase();
  typed.at = now;
  const from = typed.text.length === 1 ? at + 1 : at;
  const order = [...nodes.slice(from), ...nodes.slice(0, from)];
  const hit = order.find((node) => nameOf(node).toLowerCase().startsWith(typed.text));
  if (hit !== undefined) go(nodes.indexOf(hit));
  return true;
}

function nameOf(node: Node): string {
  switch (node.kind) {
    case "root":
      return words.schema.roots[node.of];
    case "folder":
      return node.name;
    case "table":
      return node.table.name;
    case "field":
      return node.field.name;
    case "note":
      return "";
  }
}
