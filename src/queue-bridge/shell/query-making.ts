import { err, ok } from "#lang/result.ts";
import { rejected, type Answer, type MceFailure } from "#mce/failure.ts";
import { isMute } from "#mce/reason.ts";
import { createQueryByRest, updateTypeIds } from "#mce/rest/create-query.ts";
import { validateQuery } from "#mce/rest/validate.ts";
import { createQueryDefinition, findQueryDefinitions, type QueryDefinitionDraft } from "#mce/soap/query-definition.ts";
import { restRefused, textRefused, type Asset, type Making } from "./create-or-adopt.ts";
import type { RunInHand } from "../run/run-in-hand.ts";

/** A query without its name and folder. */
type Draft = Omit<QueryDefinitionDraft, "name" | "folderId">;

export type QueryMaking = {
  in: (folderId: number) => Making;
  /** The failure to show the user: SOAP's own, unless REST, which is asked only for a reason, has given one. */
  shown: (failure: MceFailure) => MceFailure;
};

/**
 * How a run's query is created: by SOAP. If SOAP returns only an error number (MCE 5.1), the query is looked for, MCE's own
 * check is asked for the reason, and then it is created by REST, which gives reasons. Where a probe found that SOAP gives
 * none, REST creates it at once (D49).
 */
export function openQueryMaking(run: RunInHand, draft: Draft): QueryMaking {
  const { customerKey } = draft;
  /** SOAP's refusal without a reason; from then on REST creates the query. */
  let mute: (MceFailure & { kind: "rejected" }) | undefined;

  async function find(): Promise<Answer<Asset | undefined>> {
    const found = await findQueryDefinitions(run.mce, { customerKey }, { signal: run.signal });
    return found.ok ? ok(found.value[0]) : found;
  }

  async function create(name: string, folderId: number): Promise<Answer<{ objectId: string }>> {
    const whole = { ...draft, name, folderId };
    if (mute === undefined && run.probed.reasons !== "rest") {
      const made = await createQueryDefinition(run.mce, whole);
      if (made.ok || made.error.kind !== "rejected" || !isMute(made.error.message)) return made;
      mute = made.error;
      const found = await find();
      // The query may exist: it is looked for again before anything is created.
      if (!found.ok)
        return err({ kind: "unavailable", retry: "later", effect: "unknown", message: made.error.message });
      if (found.value !== undefined) return ok(found.value);
      const why = await reasonOf(run, draft);
      if (why !== undefined) return rejected(textRefused, why);
      if (run.signal.aborted) return made;
    }
    const made = await createQueryByRest(run.mce, whole);
    return made.ok || made.error.kind !== "rejected" ? made : rejected(restRefused, made.error.message);
  }

  return {
    in: (folderId) => ({ create: (name) => create(name, folderId), find }),
    shown(failure) {
      const isReason = failure.kind === "forbidden" || failure.kind === "unauthorized";
      const hasWords = failure.kind === "rejected" && !isMute(failure.message);
      return mute === undefined || isReason || hasWords ? failure : mute;
    },
  };
}

/** What MCE's own check objects to in the query and its target; undefined when there is nothing, or no answer. */
async function reasonOf(run: RunInHand, { sql, target, updateType }: Draft): Promise<string | undefined> {
  const signal = AbortSignal.any([run.signal, run.platform.timeout(run.settings.validateTimeoutMs)]);
  const saving = { targetKey: target.customerKey, targetUpdateTypeId: updateTypeIds[updateType] };
  const checked = await validateQuery(run.mce, { sql, saving, signal });
  if (!checked.ok || checked.value.valid) return undefined;
  const why = checked.value.errors.map((text) => text.replaceAll(/<br\s*\/?>/gi, "\n").trim()).join("\n");
  return why === "" ? undefined : why;
}
