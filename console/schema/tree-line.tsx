import {
  Calendar,
  ChevronRight,
  CornerDownLeft,
  Eye,
  Folder,
  Hash,
  KeyRound,
  Mail,
  Table2,
  ToggleLeft,
  Type,
  View,
} from "lucide-react";
import type { ReactNode } from "react";
import { typeOf } from "../editor/complete/option.ts";
import { words } from "../words/en.ts";
import { dragName, insertNode, previewNode } from "./actions.ts";
import type { Node } from "./nodes.ts";
import css from "./schema.module.css";

type LineProps = { node: Node; id: string; top: number; isActive: boolean; onPick: () => void; onToggle: () => void };

/** One line of the tree. */
export function TreeLine({ node, id, top, isActive, onPick, onToggle }: LineProps) {
  const { icon, text, detail } = faceOf(node);
  return (
    <div
      role="treeitem"
      id={id}
      aria-level={node.level}
      aria-setsize={node.setSize}
      aria-posinset={node.place}
      aria-expanded={node.isOpen}
      aria-selected={isActive}
      className={css["line"]}
      data-kind={node.kind}
      style={{ top, paddingLeft: 6 + (node.level - 1) * 15 }}
      onClick={() => {
        onPick();
        onToggle();
      }}
      onDoubleClick={() => insertNode(node)}
      draggable={node.kind === "table" || node.kind === "field"}
      onDragStart={(event) => dragName(node, event.dataTransfer)}
    >
      <ChevronRight size={14} aria-hidden className={css["chevron"]} data-open={node.isOpen} />
      {icon}
      <span className={css["name"]} title={text}>
        {text}
      </span>
      <span className={css["detail"]}>{detail}</span>
      {(node.kind === "table" || node.kind === "field") && <Tools node={node} />}
    </div>
  );
}

/** For the mouse; keys do the same. */
function Tools({ node }: { node: Node }) {
  const { insert, preview } = words.schema;
  const press = (does: (node: Node) => boolean) => (event: { stopPropagation: () => void }) => {
    event.stopPropagation();
    does(node);
  };
  return (
    <span className={css["tools"]} aria-hidden>
      {node.kind === "table" && (
        <span className={css["tool"]} title={`${preview} (Space)`} onClick={press(previewNode)}>
          <Eye size={14} />
        </span>
      )}
      <span className={css["tool"]} title={`${insert} (Enter)`} onClick={press(insertNode)}>
        <CornerDownLeft size={14} />
      </span>
    </span>
  );
}

function faceOf(node: Node): { icon: ReactNode; text: string; detail: string } {
  const size = { size: 14, "aria-hidden": true, className: css["icon"] ?? "" } as const;
  const { schema, editor } = words;
  switch (node.kind) {
    case "root":
      return {
        icon: <Folder {...size} />,
        text: schema.roots[node.of],
        detail: node.count === 0 ? "" : String(node.count),
      };
    case "folder":
      return { icon: <Folder {...size} />, text: node.name, detail: "" };
    case "table":
      return {
        icon: node.table.kind === "data-view" ? <View {...size} /> : <Table2 {...size} />,
        text: node.table.name,
        detail: "",
      };
    case "field": {
      const { field } = node;
      const more = field.isPrimaryKey ? ` · ${editor.key}` : "";
      return {
        icon: fieldIcon(field.isPrimaryKey ? "key" : field.type, size),
        text: field.name,
        detail: typeOf(field) + more,
      };
    }
    case "note": {
      const text = node.text === "loading" ? schema.loading : node.text === "empty" ? schema.empty : node.text.refusal;
      return { icon: null, text, detail: "" };
    }
  }
}

function fieldIcon(type: string, size: { size: number; className: string }): ReactNode {
  switch (type) {
    case "key":
      return <KeyRound {...size} />;
    case "Number":
    case "Decimal":
      return <Hash {...size} />;
    case "Date":
      return <Calendar {...size} />;
    case "Boolean":
      return <ToggleLeft {...size} />;
    case "EmailAddress":
      return <Mail {...size} />;
    default:
      return <Type {...size} />;
  }
}
