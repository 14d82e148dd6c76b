/** Runs from a transcript: each start plays the same events, at a pace. */

import { lineHunks } from "$/lib/line_diff";
import type { EventFrame, RunDetail, RunReview, RunSummary } from "$/protocol/protocol";
import { problem, Refusal } from "../host";
import type { FakeFolder } from "./files";
import { type Handlers, pause, type StreamHandlers } from "./host";

interface FakeRun {
  id: string;
  objective: string;
  frames: EventFrame[];
  status: RunSummary["status"];
  createdAt: string;
  answered: (() => void) | null;
  held: boolean;
  /** The files that it wrote, with what was there before. */
  written: Map<string, string | null>;
  /** What the last decision changed: each file with its content and what counted as before. */
  undo: Map<string, { before: string | null; was: string | null }>;
}

export class FakeRuns {
  readonly runs = new Map<string, FakeRun>();
  #script: EventFrame[];
  #files: Record<string, string>;
  #folder: FakeFolder;
  #pace: number;
  #watchers = new Set<(frame: EventFrame) => void>();
  #next = 1;

  /** `pace` is the wait between events, in milliseconds; `files` are what the script's agents write. */
  constructor(script: EventFrame[], files: Record<string, string>, folder: FakeFolder, pace: number) {
    this.#script = script;
    this.#files = files;
    this.#folder = folder;
    this.#pace = pace;
  }

  start(objective: string): string {
    const id = `run-${this.#next++}`;
    const run: FakeRun = {
      id,
      objective,
      frames: [],
      status: "pending",
      createdAt: new Date().toISOString(),
      answered: null,
      held: false,
      written: new Map(),
      undo: new Map(),
    };
    this.runs.set(id, run);
    void this.#play(run);
    return id;
  }

  async #play(run: FakeRun): Promise<void> {
    for (const frame of this.#script) {
      await pause(frame.event === "token_chunk" ? this.#pace / 6 : this.#pace);
      while (run.held) await pause(50);
      if (run.status === "cancelled") return;
      this.#tell(run, frame);
      if (frame.event === "human_input_required") {
        await new Promise<void>((resolve) => {
          run.answered = resolve;
        });
      }
    }
  }

  #tell(run: FakeRun, frame: EventFrame): void {
    const at = new Date().toISOString();
    const seq =
      frame.event === "token_chunk" ? (run.frames.at(-1)?.seq ?? 0) : (run.frames.at(-1)?.seq ?? 0) + 1;
    const own = { ...frame, run_id: run.id, at, seq } as EventFrame;
    if (own.event === "run_started") own.objective = run.objective;
    if (own.event === "file_written") {
      if (!run.written.has(own.path)) run.written.set(own.path, this.#folder.files.get(own.path) ?? null);
      this.#folder.write(own.path, this.#files[own.path] ?? "");
    }
    run.status = statusAfter(own, run.status);
    if (own.event !== "token_chunk") run.frames.push(own);
    for (const watcher of [...this.#watchers]) watcher(own);
  }

  #run(id: string): FakeRun {
    const run = this.runs.get(id);
    if (!run) throw new Refusal(problem("not_found", `There is no run ${id}.`));
    return run;
  }

  #review(run: FakeRun): RunReview {
    const changed = [...run.written].flatMap(([path, before]) => {
      const after = this.#folder.files.get(path) ?? null;
      return before === after ? [] : [{ path, before, after }];
    });
    const files = changed.map(({ path, before, after }) => {
      const old = (before ?? "").split("\n");
      return {
        path,
        before,
        after,
        binary: false,
        hunks: lineHunks(old, (after ?? "").split("\n")).map((hunk, at) => ({
          id: `${path}#${at}`,
          old_start: hunk.fromOld + 1,
          old_lines: hunk.toOld - hunk.fromOld,
          new_start: hunk.fromOld + 1,
          new_lines: hunk.lines.length,
          lines: [
            ...old.slice(hunk.fromOld, hunk.toOld).map((text) => ({ change: "removed" as const, text })),
            ...hunk.lines.map((text) => ({ change: "added" as const, text })),
          ],
        })),
      };
    });
    const lines = files.flatMap((file) => file.hunks.flatMap((hunk) => hunk.lines));
    const count = (change: string) => lines.filter((line) => line.change === change).length;
    return {
      run_id: run.id,
      added: count("added"),
      removed: count("removed"),
      files,
      can_undo: run.undo.size > 0,
    };
  }

  #put(path: string, content: string | null): void {
    if (content === null) this.#folder.remove(path);
    else this.#folder.write(path, content);
  }

  /** Whole files: the demo decides about no single hunk. */
  #decide(run: FakeRun, decision: string, only: string | undefined): void {
    const undo = new Map(run.undo);
    run.undo.clear();
    if (decision === "undo") {
      for (const [path, { before, was }] of undo) {
        run.written.set(path, before);
        this.#put(path, was);
      }
      return;
    }
    for (const [path, before] of run.written) {
      if (only !== undefined && path !== only) continue;
      const was = this.#folder.files.get(path) ?? null;
      run.undo.set(path, { before, was });
      if (decision === "keep") run.written.set(path, was);
      else this.#put(path, before);
    }
  }

  handlers(): Handlers {
    const done = {};
    return {
      run_start: ({ objective }) => {
        const run_id = this.start(objective);
        return { run_id, status: "pending", dir: "/home/demo/notes", model: "local/qwen2.5-coder-1.5b" };
      },
      run_list: ({ search }) => ({
        runs: [...this.runs.values()]
          .reverse()
          .filter((run) => run.objective.toLowerCase().includes((search ?? "").toLowerCase()))
          .map(summary),
        next_cursor: null,
      }),
      run_show: ({ run_id }) => summary(this.#run(run_id)) as unknown as RunDetail,
      run_respond: ({ run_id }) => {
        this.#run(run_id).answered?.();
        return done;
      },
      run_pause: ({ run_id }) => {
        const run = this.#run(run_id);
        run.held = true;
        this.#tell(run, { event: "run_paused" } as EventFrame);
        return done;
      },
      run_resume: ({ run_id }) => {
        const run = this.#run(run_id);
        run.held = false;
        run.status = "running";
        return done;
      },
      run_cancel: ({ run_id }) => {
        const run = this.#run(run_id);
        this.#tell(run, { event: "run_cancelled" } as EventFrame);
        run.answered?.();
        return done;
      },
      run_file_show: ({ path }) => {
        const content = this.#folder.files.get(path) ?? "";
        return { path, content, bytes: content.length, truncated: false, binary: false, hash: null };
      },
      run_changes: ({ run_id }) => this.#review(this.#run(run_id)),
      run_change_decide: ({ run_id, path, decision }) => {
        const run = this.#run(run_id);
        this.#decide(run, decision, path);
        return this.#review(run);
      },
      persona_list: () => ({
        personas: [
          {
            id: "fullstack",
            kind: "persona",
            description: "Plans, builds both sides, checks.",
            waves: [["planner"], ["backend", "frontend"], ["qa"]],
          },
          {
            id: "backend",
            kind: "persona",
            description: "An API and its tests.",
            waves: [["planner"], ["backend"], ["qa"]],
          },
          {
            id: "startup",
            kind: "hierarchy",
            description: "A lead decides, the others follow.",
            waves: [["cto"], ["backend", "frontend", "devops"], ["qa"]],
          },
        ],
        roles: [],
      }),
    };
  }

  streams(): StreamHandlers {
    return {
      run_watch: async ({ run_id, after }, tell, stop) => {
        const run = run_id ? this.runs.get(run_id) : undefined;
        if (run) tell(run.frames.filter((frame) => frame.seq > (after ?? 0)));
        const watcher = (frame: EventFrame) => {
          if (!run_id || frame.run_id === run_id) tell([frame]);
        };
        this.#watchers.add(watcher);
        await new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
        this.#watchers.delete(watcher);
        return null;
      },
    };
  }
}

function statusAfter(frame: EventFrame, before: RunSummary["status"]): RunSummary["status"] {
  const statuses: Partial<Record<EventFrame["event"], RunSummary["status"]>> = {
    run_started: "running",
    human_input_required: "waiting",
    human_input_received: "running",
    run_paused: "paused",
    run_completed: "completed",
    run_failed: "failed",
    run_cancelled: "cancelled",
  };
  return statuses[frame.event] ?? before;
}

function summary(run: FakeRun): RunSummary {
  return {
    run_id: run.id,
    status: run.status,
    objective: run.objective,
    project_id: null,
    model: "local/qwen2.5-coder-1.5b",
    cost_usd: 0,
    files_count: run.written.size,
    created_at: run.createdAt,
    ended_at: null,
  };
}
