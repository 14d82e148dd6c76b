/** The start dialog's form, what is wrong with it, and the request that it makes. Pure. */

import { t } from "$/messages";
import type { RunStart } from "$/protocol/protocol";

export interface StartForm {
  objective: string;
  /** The open folder; null for a folder of its own. */
  dir: string | null;
  persona: string;
  /** Agents that were taken out. */
  without: string[];
  model: string;
  policy: string;
  cost: string;
  minutes: string;
}

export function emptyForm(): StartForm {
  return {
    objective: "",
    dir: null,
    persona: "fullstack",
    without: [],
    model: "",
    policy: "",
    cost: "",
    minutes: "",
  };
}

export function mistakes(form: StartForm): { objective?: string; cost?: string; minutes?: string } {
  const found: { objective?: string; cost?: string; minutes?: string } = {};
  if (form.objective.trim() === "") found.objective = t.runs.objectiveEmpty;
  if (form.cost.trim() !== "" && !(Number(form.cost) > 0)) found.cost = t.runs.limitBad;
  if (form.minutes.trim() !== "" && !(Number(form.minutes) > 0)) found.minutes = t.runs.limitBad;
  return found;
}

/** What the form asks for; `agents` are all of the persona, in the order of waves. */
export function requestOf(form: StartForm, hierarchy: boolean, agents: string[] = []): RunStart {
  const tasks = form.without.length > 0 ? agents.filter((agent) => !form.without.includes(agent)) : [];
  return {
    objective: form.objective.trim(),
    ...(form.dir === null ? {} : { dir: form.dir }),
    ...(form.persona === "" ? {} : hierarchy ? { hierarchy: form.persona } : { persona: form.persona }),
    ...(tasks.length > 0 ? { tasks } : {}),
    ...(form.model === "" ? {} : { model: form.model }),
    ...(form.policy === "" ? {} : { policy_id: form.policy }),
    ...(form.cost.trim() === "" ? {} : { max_cost_usd: Number(form.cost) }),
    ...(form.minutes.trim() === "" ? {} : { max_minutes: Math.round(Number(form.minutes)) }),
  };
}
