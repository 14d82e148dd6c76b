/**
 * A run as its events tell it: `(state, frame) → state`, pure. The same events give the same picture, live or replayed.
 */
import type { EventFrame, Evidence, JsonValue, NodeStatus, RunStatus, TokenUsage } from "$/protocol/protocol";

export interface ToolCall {
  id: string;
  tool: string;
  arguments: JsonValue;
  /** Null while it works. */
  ok: boolean | null;
  output: string;
  durationMs: number;
}

export interface NodeState {
  agent: string;
  wave: number;
  needs: string[];
  status: NodeStatus;
  attempt: number;
  usage: TokenUsage;
  cost: number;
  startedAt: string | null;
  endedAt: string | null;
  /** What it did last, in the words of the event. */
  last: string;
  /** The words of its model since its last call, the end of them. */
  stream: string;
  calls: ToolCall[];
  files: string[];
  summary: string | null;
  evidence: Evidence | null;
  /** What it asks the human. */
  question: { id: string; text: string } | null;
}

export interface LogLine {
  seq: number;
  at: string;
  agent: string | null;
  tone: "plain" | "good" | "bad" | "wait";
  text: string;
  detail?: string;
}

export interface RunState {
  runId: string;
  status: RunStatus;
  objective: string;
  model: string;
  nodes: NodeState[];
  log: LogLine[];
  usage: TokenUsage;
  cost: number;
  evidence: Evidence | null;
  files: string[];
  failure: { reason: string; hint: string | null } | null;
  startedAt: string | null;
  endedAt: string | null;
  seq: number;
}

/** Words of an event for the log; the view puts them together from its table. */
export interface Words {
  started: (nodes: number) => string;
  resumed: string;
  pausedEvent: string;
  cancelledEvent: string;
  completedEvent: string;
  interrupted: string;
  wrote: (path: string) => string;
  checked: string;
  skippedBecause: (because: string) => string;
  failover: (from: string, to: string) => string;
  costLimit: (limit: string) => string;
  timeLimit: (minutes: number) => string;
  checkpoint: (wave: number) => string;
}

const NO_TOKENS: TokenUsage = { input: 0, cached: 0, output: 0 };
const STREAM_MOST = 24_000;
const LOG_MOST = 5_000;

export function emptyRun(runId: string): RunState {
  return {
    runId,
    status: "pending",
    objective: "",
    model: "",
    nodes: [],
    log: [],
    usage: NO_TOKENS,
    cost: 0,
    evidence: null,
    files: [],
    failure: null,
    startedAt: null,
    endedAt: null,
    seq: 0,
  };
}

export function reduceAll(state: RunState, frames: EventFrame[], words: Words): RunState {
  return frames.reduce((each, frame) => reduce(each, frame, words), state);
}

export function reduce(state: RunState, frame: EventFrame, words: Words): RunState {
  // A replay after a lost connection may tell again what is known; pieces of text are never stored and never repeat.
  if (frame.event !== "token_chunk" && frame.seq <= state.seq) return state;
  const next = step(state, frame);
  const line = logLine(frame, words);
  const log = line ? [...next.log.slice(-LOG_MOST), line] : next.log;
  return { ...next, log, seq: Math.max(state.seq, frame.seq) };
}

function step(state: RunState, frame: EventFrame): RunState {
  const node = (agent: string, change: (node: NodeState) => Partial<NodeState>): RunState => ({
    ...state,
    nodes: state.nodes.map((each) => (each.agent === agent ? { ...each, ...change(each) } : each)),
  });

  switch (frame.event) {
    case "run_started":
      return {
        ...state,
        status: "running",
        objective: frame.objective,
        model: frame.model,
        startedAt: frame.at,
        nodes: frame.nodes.map(({ agent, wave, needs }) => ({
          agent,
          wave,
          needs,
          status: "pending",
          attempt: 0,
          usage: NO_TOKENS,
          cost: 0,
          startedAt: null,
          endedAt: null,
          last: "",
          stream: "",
          calls: [],
          files: [],
          summary: null,
          evidence: null,
          question: null,
        })),
      };
    case "run_resumed":
      return {
        ...state,
        status: "running",
        endedAt: null,
        failure: null,
        nodes: state.nodes.map((each) =>
          frame.finished.includes(each.agent) ? each : { ...each, status: "pending", question: null },
        ),
      };
    case "node_started":
      return node(frame.agent, (each) => ({
        status: "running",
        wave: frame.wave,
        attempt: frame.attempt,
        startedAt: each.startedAt ?? frame.at,
        endedAt: null,
        stream: "",
        last: "",
      }));
    case "token_chunk":
      return node(frame.agent, (each) => ({ stream: (each.stream + frame.chunk).slice(-STREAM_MOST) }));
    case "model_called": {
      const next = node(frame.agent, (each) => ({
        usage: add(each.usage, frame.usage),
        cost: each.cost + frame.cost_usd,
      }));
      return { ...next, usage: add(state.usage, frame.usage), cost: state.cost + frame.cost_usd };
    }
    case "tool_call":
      return node(frame.agent, (each) => ({
        last: describeCall(frame.tool, frame.arguments),
        stream: "",
        calls: [
          ...each.calls,
          {
            id: frame.call_id,
            tool: frame.tool,
            arguments: frame.arguments,
            ok: null,
            output: "",
            durationMs: 0,
          },
        ],
      }));
    case "tool_result":
      return node(frame.agent, (each) => ({
        calls: each.calls.map((call) =>
          call.id === frame.call_id
            ? { ...call, ok: frame.ok, output: frame.output, durationMs: frame.duration_ms }
            : call,
        ),
      }));
    case "file_written": {
      const next = node(frame.agent, (each) => ({
        files: withFile(each.files, frame.path),
        last: frame.path,
      }));
      return { ...next, files: withFile(state.files, frame.path) };
    }
    case "log":
      return node(frame.agent, () => ({ last: frame.message }));
    case "validation_passed":
    case "validation_failed":
      return node(frame.agent, () => ({
        evidence: frame.evidence,
        attempt: frame.attempt,
        last: frame.evidence.command,
      }));
    case "node_completed":
      return node(frame.agent, () => ({
        status: "completed",
        summary: frame.summary,
        files: frame.files,
        endedAt: frame.at,
        question: null,
        last: frame.summary,
      }));
    case "node_failed":
      return node(frame.agent, () => ({
        status: "failed",
        summary: frame.reason,
        endedAt: frame.at,
        question: null,
        last: frame.reason,
      }));
    case "node_skipped":
      return node(frame.agent, () => ({ status: "skipped", summary: frame.because, endedAt: frame.at }));
    case "human_input_required":
      return {
        ...node(frame.agent, () => ({
          status: "waiting",
          question: { id: frame.question_id, text: frame.question },
        })),
        status: "waiting",
      };
    case "human_input_received":
      return { ...node(frame.agent, () => ({ status: "running", question: null })), status: "running" };
    case "run_paused":
      return { ...state, status: "paused" };
    case "run_completed":
      return {
        ...state,
        status: "completed",
        files: frame.files,
        evidence: frame.evidence,
        endedAt: frame.at,
      };
    case "run_failed":
      return ended(state, "failed", frame.at, { reason: frame.reason, hint: frame.hint });
    case "run_cancelled":
      return ended(state, "cancelled", frame.at, null);
    case "run_interrupted":
      return ended(state, "interrupted", frame.at, { reason: frame.reason, hint: null });
    case "checkpoint_saved":
    case "model_failover":
    case "cost_limit_exceeded":
    case "time_limit_exceeded":
      return state;
  }
}

/** What is over cannot work on. */
function ended(state: RunState, status: RunStatus, at: string, failure: RunState["failure"]): RunState {
  const nodes = state.nodes.map((each): NodeState => {
    if (each.status !== "running" && each.status !== "waiting") return each;
    return { ...each, status: status === "failed" ? "failed" : "pending", question: null, endedAt: at };
  });
  return { ...state, status, endedAt: at, failure, nodes };
}

function add(a: TokenUsage, b: TokenUsage): TokenUsage {
  return { input: a.input + b.input, cached: a.cached + b.cached, output: a.output + b.output };
}

function withFile(files: string[], path: string): string[] {
  return files.includes(path) ? files : [...files, path].sort();
}

/** A call in a line: the tool, and the argument that says most. */
export function describeCall(tool: string, args: JsonValue): string {
  if (typeof args !== "object" || args === null || Array.isArray(args)) return tool;
  const telling = ["path", "command", "query", "pattern", "url", "question"].map((key) => args[key]);
  const word = telling.find((value) => typeof value === "string");
  return word === undefined ? tool : `${tool} ${String(word)}`;
}

/** The part of the nodes that is over, 0 to 1. */
export function progress(state: RunState): number {
  if (state.status === "completed") return 1;
  if (state.nodes.length === 0) return 0;
  const over = state.nodes.filter((each) => ["completed", "failed", "skipped"].includes(each.status)).length;
  return over / state.nodes.length;
}

export const isOver = (status: RunStatus): boolean => ["completed", "failed", "cancelled"].includes(status);

function logLine(frame: EventFrame, words: Words): LogLine | null {
  const line = (text: string, tone: LogLine["tone"] = "plain", detail?: string): LogLine => ({
    seq: frame.seq,
    at: frame.at,
    agent: "agent" in frame ? frame.agent : null,
    tone,
    text,
    ...(detail ? { detail } : {}),
  });
  switch (frame.event) {
    case "run_started":
      return line(words.started(frame.node_count));
    case "run_resumed":
      return line(words.resumed);
    case "log":
      return line(frame.message);
    case "tool_call":
      return line(describeCall(frame.tool, frame.arguments));
    case "tool_result":
      return frame.ok ? null : line(`${frame.tool}: ${frame.output.split("\n")[0]}`, "bad", frame.output);
    case "file_written":
      return line(words.wrote(frame.path));
    case "validation_passed":
      return line(`${words.checked}: ${frame.evidence.command}`, "good");
    case "validation_failed":
      return line(`${words.checked}: ${frame.evidence.command}`, "bad", frame.debug_info.full_output);
    case "node_completed":
      return line(frame.summary, "good");
    case "node_failed":
      return line(frame.reason, "bad");
    case "node_skipped":
      return line(words.skippedBecause(frame.because));
    case "model_failover":
      return line(words.failover(frame.from, frame.to), "wait", frame.reason);
    case "human_input_required":
      return line(frame.question, "wait");
    case "checkpoint_saved":
      return line(words.checkpoint(frame.wave));
    case "run_paused":
      return line(words.pausedEvent, "wait");
    case "cost_limit_exceeded":
      return line(words.costLimit(`$${frame.limit_usd.toFixed(2)}`), "bad");
    case "time_limit_exceeded":
      return line(words.timeLimit(frame.limit_minutes), "bad");
    case "run_completed":
      return line(words.completedEvent, "good");
    case "run_failed":
      return line(frame.reason, "bad", frame.hint ?? undefined);
    case "run_cancelled":
      return line(words.cancelledEvent);
    case "run_interrupted":
      return line(`${words.interrupted}: ${frame.reason}`, "wait");
    default:
      return null;
  }
}
