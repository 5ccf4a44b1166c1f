import { ChevronDown } from "lucide-react";
import type { Me } from "#client/schema-types.ts";
import { MenuButton, type Choice } from "../parts/menu.tsx";
import { canMove, moveTo } from "../session/business-unit.ts";
import { canKeep } from "../state/kept.ts";
import { openSheet, say, store } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./top-bar.module.css";

/** The business unit in which the page works, and the way to another one. */
export function UnitInBar({ me }: { me: Me }) {
  const { bar } = words;
  const { tenant, businessUnit } = me;
  const unit = bar.businessUnit(businessUnit.name ?? tenant.name, businessUnit.mid);
  if (!canMove())
    return (
      <span className={css["unit"]} title={tenant.name}>
        {unit}
      </span>
    );
  return (
    <MenuButton className={css["unit"]} title={tenant.name} label={bar.moveUnit(unit)} choices={choicesOf(me)}>
      <span className={css["name"]}>{unit}</span>
      <ChevronDown size={13} aria-hidden />
    </MenuButton>
  );
}

function choicesOf({ businessUnit, businessUnits }: Me): Choice[] {
  const { bar } = words;
  const others = businessUnits.filter(({ mid }) => mid !== businessUnit.mid);
  return [
    ...others.map(({ mid, name }) => ({
      id: String(mid),
      label: bar.businessUnit(name, mid),
      onChoose: () => void move(mid),
    })),
    ...(others.length > 0 ? (["line"] as const) : []),
    { id: "other", label: bar.otherUnit, onChoose: () => openSheet({ kind: "unit" }) },
  ];
}

async function move(mid: number): Promise<void> {
  const isKept = store.get().preferences.keepsDrafts && canKeep();
  if (!isKept) return openSheet({ kind: "unit", mid });
  const refusal = await moveTo(mid);
  if (refusal !== undefined) say(refusal);
  return undefined;
}
