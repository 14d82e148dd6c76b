/** The runs that are being looked at, and what happens in all of them. */
import { SvelteMap } from "svelte/reactivity";
import { follow, type Stream } from "$/host";
import { t } from "$/messages";
import type { EventFrame } from "$/protocol/protocol";
import type { Workbench } from "$/workbench";
import { emptyRun, isOver, type LogLine, type RunState, reduceAll } from "./state";

export class RunsStore {
  readonly states = new SvelteMap<string, RunState>();
  /** Runs that wait for an answer, as far as this session saw. */
  readonly waiting = new SvelteMap<string, string>();
  /** What runs cost since the window was opened. */
  sessionCost = $state(0);
  latest = $state.raw<LogLine[]>([]);
  #workbench: Workbench;
  #streams = new Map<string, { stream: Stream; users: number }>();

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Follows a run from its first event on, as long as somebody looks. */
  watch(runId: string): () => void {
    const known = this.#streams.get(runId);
    if (known) known.users += 1;
    else {
      if (!this.states.has(runId)) this.states.set(runId, emptyRun(runId));
      const stream = follow(
        this.#workbench.host,
        "run_watch",
        () => ({ run_id: runId, after: this.states.get(runId)?.seq ?? 0 }),
        (frames) => this.#take(runId, frames),
      );
      this.#streams.set(runId, { stream, users: 1 });
    }
    return () => {
      const entry = this.#streams.get(runId);
      if (!entry) return;
      entry.users -= 1;
      if (entry.users > 0) return;
      entry.stream.close();
      this.#streams.delete(runId);
    };
  }

  /** A resumed run's stream ended with the run; it is followed anew. */
  again(runId: string): void {
    const entry = this.#streams.get(runId);
    if (!entry) return;
    entry.stream.close();
    entry.stream = follow(
      this.#workbench.host,
      "run_watch",
      () => ({ run_id: runId, after: this.states.get(runId)?.seq ?? 0 }),
      (frames) => this.#take(runId, frames),
    );
  }

  #take(runId: string, frames: EventFrame[]): void {
    const before = this.states.get(runId) ?? emptyRun(runId);
    this.states.set(runId, reduceAll(before, frames, t.runs));
  }

  /** Follows everything from now on: notifications, the session's cost, the run log. */
  start(): () => void {
    const stream = follow(
      this.#workbench.host,
      "run_watch",
      () => ({}),
      (frames) => {
        for (const frame of frames) this.#notice(frame);
        const lines = reduceAll(
          emptyRun(""),
          frames.map((frame, at) => ({ ...frame, seq: at + 1 })),
          t.runs,
        ).log;
        if (lines.length > 0) this.latest = [...this.latest, ...lines].slice(-600);
      },
    );
    return () => {
      stream.close();
      for (const { stream: each } of this.#streams.values()) each.close();
      this.#streams.clear();
    };
  }

  #notice(frame: EventFrame): void {
    const { notices } = this.#workbench;
    const open = () => this.#workbench.openTab("run", { run: frame.run_id });
    switch (frame.event) {
      case "model_called":
        this.sessionCost += frame.cost_usd;
        break;
      case "human_input_required":
        this.waiting.set(frame.run_id, frame.question);
        if (!this.#looking(frame.run_id)) {
          notices.say("wait", t.runs.notifyWaiting(frame.agent), frame.question, [
            { label: t.runs.open, act: open },
          ]);
        }
        break;
      case "human_input_received":
        this.waiting.delete(frame.run_id);
        break;
      case "run_completed":
      case "run_failed":
        this.waiting.delete(frame.run_id);
        if (!this.#looking(frame.run_id)) {
          const good = frame.event === "run_completed";
          const text = good ? undefined : frame.reason;
          notices.say(good ? "good" : "bad", good ? t.runs.notifyDone : t.runs.notifyFailed, text, [
            { label: t.runs.open, act: open },
          ]);
        }
        break;
      case "run_cancelled":
        this.waiting.delete(frame.run_id);
        break;
    }
  }

  #looking(runId: string): boolean {
    return this.#workbench.activeTab?.params["run"] === runId;
  }

  /** Whether there is something to pause or stop. */
  static works(state: RunState): boolean {
    return !isOver(state.status) && state.status !== "interrupted";
  }
}

const stores = new WeakMap<Workbench, RunsStore>();

export function runsOf(workbench: Workbench): RunsStore {
  let store = stores.get(workbench);
  if (!store) {
    store = new RunsStore(workbench);
    stores.set(workbench, store);
  }
  return store;
}
