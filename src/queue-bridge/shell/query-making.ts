import { failed, rejected, type Answer, type MceFailure } from "#mce/failure.ts";
import { isMute } from "#mce/reason.ts";
import { createQueryByRest, updateTypeIds } from "#mce/rest/create-query.ts";
import { validateQuery } from "#mce/rest/validate.ts";
import { createQueryDefinition, findQueryDefinitions, type QueryDefinitionDraft } from "#mce/soap/query-definition.ts";
import { restRefused, textRefused, type Asset, type Making } from "./create-or-adopt.ts";
import type { RunInHand } from "../run/run-in-hand.ts";

/** All of a query but what is told it when it is made. */
type Draft = Omit<QueryDefinitionDraft, "name" | "folderId">;

export type QueryMaking = {
  in(folderId: number): Making;
  /** A failure as the user is to hear it: a road that was only asked for a reason and gave none is not one. */
  told(failure: MceFailure): MceFailure;
};

/**
 * Says how a run's query is made. By SOAP; where that gives only the number of an error (MCE 5.1), the query is looked
 * for, MCE's own check is asked what is wrong with it, and it is made by REST, which tells why not.
 */
export function openQueryMaking(run: RunInHand, draft: Draft): QueryMaking {
  const { customerKey } = draft;
  /** What SOAP said without a reason; from then on REST makes the query. */
  let mute: (MceFailure & { kind: "rejected" }) | undefined;

  async function find(): Promise<Answer<Asset | undefined>> {
    const found = await findQueryDefinitions(run.mce, { customerKey }, { signal: run.signal });
    return found.ok ? { ok: true, value: found.value[0] } : found;
  }

  async function create(name: string, folderId: number): Promise<Answer<{ objectId: string }>> {
    const whole = { ...draft, name, folderId };
    if (mute === undefined) {
      const made = await createQueryDefinition(run.mce, whole);
      if (made.ok || made.failure.kind !== "rejected" || !isMute(made.failure.message)) return made;
      mute = made.failure;
      const found = await find();
      // What cannot be looked up now may be there: it is looked for again before anything is made.
      if (!found.ok)
        return failed({ kind: "unavailable", retry: "later", effect: "unknown", message: made.failure.message });
      if (found.value !== undefined) return { ok: true, value: found.value };
      const why = await reasonOf(run, draft);
      if (why !== undefined) return rejected(textRefused, why);
      if (run.signal.aborted) return made;
    }
    const made = await createQueryByRest(run.mce, whole);
    return made.ok || made.failure.kind !== "rejected" ? made : rejected(restRefused, made.failure.message);
  }

  return {
    in: (folderId) => ({ create: (name) => create(name, folderId), find }),
    told(failure) {
      const isReason = failure.kind === "forbidden" || failure.kind === "unauthorized";
      const hasWords = failure.kind === "rejected" && !isMute(failure.message);
      return mute === undefined || isReason || hasWords ? failure : mute;
    },
  };
}

/** What MCE's own check has against the query in its target; undefined where it has nothing, or does not answer. */
async function reasonOf(run: RunInHand, { sql, target, updateType }: Draft): Promise<string | undefined> {
  const signal = AbortSignal.any([run.signal, run.platform.timeout(run.settings.validateTimeoutMs)]);
  const saving = { targetKey: target.customerKey, targetUpdateTypeId: updateTypeIds[updateType] };
  const said = await validateQuery(run.mce, { sql, saving, signal });
  if (!said.ok || said.value.valid) return undefined;
  const why = said.value.errors.map((text) => text.replaceAll(/<br\s*\/?>/gi, "\n").trim()).join("\n");
  return why === "" ? undefined : why;
}
