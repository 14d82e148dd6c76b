/** The policy form and what it means. Pure. */

import { t } from "$/messages";
import type { PolicySpec, StoredPolicy } from "$/protocol/protocol";

export interface PolicyForm {
  /** Empty for a new one. */
  id: string;
  name: string;
  cost: string;
  minutes: string;
  approval: boolean;
  network: boolean;
  fallback: boolean;
  blocked: string;
  /** What the form does not show goes back as it came. */
  rest: Pick<PolicySpec, "model_strategy" | "preferred_providers" | "allowed_tools">;
}

export function emptyPolicy(stored?: StoredPolicy): PolicyForm {
  return {
    id: stored?.policy_id ?? "",
    name: stored?.name ?? "",
    cost: stored?.max_cost_usd?.toString() ?? "",
    minutes: stored?.max_runtime_minutes?.toString() ?? "",
    approval: stored?.require_approval ?? true,
    network: stored?.network ?? false,
    fallback: stored?.fallback_enabled ?? true,
    blocked: (stored?.blocked_commands ?? []).join("\n"),
    rest: {
      model_strategy: stored?.model_strategy ?? "balanced",
      preferred_providers: stored?.preferred_providers ?? [],
      allowed_tools: stored?.allowed_tools ?? [],
    },
  };
}

const limit = (typed: string): number | null => (typed.trim() === "" ? null : Number(typed));

export function policyMistakes(form: PolicyForm): { name?: string; cost?: string; minutes?: string } {
  const wrong: { name?: string; cost?: string; minutes?: string } = {};
  const bad = (value: number | null) => value !== null && !(value > 0);
  if (form.name.trim() === "") wrong.name = t.files.nameEmpty;
  if (bad(limit(form.cost))) wrong.cost = t.runs.limitBad;
  if (bad(limit(form.minutes))) wrong.minutes = t.runs.limitBad;
  return wrong;
}

export function policyOf(form: PolicyForm): PolicySpec {
  const minutes = limit(form.minutes);
  return {
    ...form.rest,
    name: form.name.trim(),
    max_cost_usd: limit(form.cost),
    max_runtime_minutes: minutes === null ? null : Math.round(minutes),
    fallback_enabled: form.fallback,
    blocked_commands: form.blocked
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
    require_approval: form.approval,
    network: form.network,
  };
}
