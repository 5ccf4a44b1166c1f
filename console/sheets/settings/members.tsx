import type { Member } from "#client/administrator-types.ts";
import { engine } from "../../engine/engine.ts";
import { say } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import css from "./settings.module.css";
import { Shown } from "./shown.tsx";
import { refusalOf, useList } from "./use-list.ts";
import { dayAndTime } from "./when.ts";

/** The people who have signed in. */
export function Members() {
  const { members } = words.settings;
  const listed = useList(async () => (await engine().members()).members);
  const change = async (id: string, changes: Partial<Pick<Member, "role" | "active">>) => {
    const refusal = await refusalOf(() => engine().changeMember(id, changes));
    if (refusal !== undefined) say(refusal.detail);
    await listed.reload();
  };
  return (
    <>
      <p className={css["lead"]}>{members.lead}</p>
      <Shown label={words.settings.areas.members} listed={listed} head={members.head}>
        {(member) => <Line key={member.id} member={member} onChange={(changes) => void change(member.id, changes)} />}
      </Shown>
    </>
  );
}

function Line({
  member: { id, name = id, email, role, active, lastSeenAt },
  onChange,
}: {
  member: Member;
  onChange: (changes: Partial<Pick<Member, "role" | "active">>) => void;
}) {
  const { members } = words.settings;
  return (
    <tr>
      <td>
        {name}
        {email !== undefined && <small>{email}</small>}
      </td>
      <td>
        <select
          className={css["select"]}
          aria-label={members.roleOf(name)}
          value={role}
          // The words are by role.
          onChange={(event) => onChange({ role: event.target.value as Member["role"] })}
        >
          {Object.entries(members.roles).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </td>
      <td>
        <label className={css["choice"]}>
          <input
            type="checkbox"
            aria-label={members.activeOf(name)}
            checked={active}
            onChange={(event) => onChange({ active: event.target.checked })}
          />
          {active ? members.active : members.out}
        </label>
      </td>
      <td className={css["when"]}>{lastSeenAt === undefined ? "" : dayAndTime(lastSeenAt)}</td>
    </tr>
  );
}
