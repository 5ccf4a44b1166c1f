import type { Cell } from "./matrix.ts";
import { steps } from "./step.ts";

/** The matrix for people: for each cell a tick, the number of scripts and how late the latest was; or what broke; or why it is empty. */
export function printMatrix(cells: readonly Cell[]): string {
  const shown = steps.filter((step) => cells.some((cell) => cell.step === step));
  const rows = Map.groupBy(cells, ({ row }) => row);
  const table = [...rows].map(([{ number, name }, of]) => {
    const marks = shown.map((step) => markOf(of.find((cell) => cell.step === step)).padStart(12));
    return `${String(number).padStart(2)} ${name.padEnd(40)}${marks.join("")}`;
  });
  const head = `   ${"".padEnd(40)}${shown.map((step) => step.padStart(12)).join("")}`;
  return [head, ...table, "", "Not played:", ...reasons(cells), "", ...counts(cells)].join("\n");
}

/** What broke in a cell; empty when nothing did. */
export function brokenOf({ row, step, broken }: Cell): string[] {
  return broken.map(({ script, violations }) => `${row.number}${step} ${script}: ${violations.join("; ")}`);
}

function markOf(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  if (cell.broken.length > 0) return `✗ ${cell.broken.length}/${cell.played}`;
  return cell.played === 0 ? "–" : `✓ ${cell.played} +${Math.ceil(cell.latestMs / 1000)} s`;
}

function reasons(cells: readonly Cell[]): string[] {
  const empty = cells.filter(({ row, step }) => row.never?.[step] !== undefined);
  const why = Map.groupBy(empty, ({ row, step }) => row.never?.[step] ?? "");
  const told = [...why].map(([reason, of]) => {
    const places = Map.groupBy(of, ({ row }) => row.number);
    const where = [...places].map(([number, each]) => `${number}${each.map(({ step }) => step).join("")}`);
    return `  ${reason}: ${where.join(", ")}`;
  });
  return [...told, "  H, what watchers get: nobody watches"];
}

function counts(cells: readonly Cell[]): string[] {
  const played = cells.reduce((sum, cell) => sum + cell.played, 0);
  const broken = cells.reduce((sum, cell) => sum + cell.broken.length, 0);
  const ends = cells.flatMap(({ row, step, ends: of, played: all }) =>
    [...of].map(([end, times]) => ({ end, where: `${row.number}${step} ${times} of ${all}` })),
  );
  const others = Map.groupBy(
    ends.filter(({ end }) => end !== "ready"),
    ({ end }) => end,
  );
  return [
    `${played} scripts, ${broken} broken. Ends other than ready:`,
    ...[...others].map(([end, of]) => `  ${end}: ${of.map(({ where }) => where).join(", ")}`),
  ];
}
