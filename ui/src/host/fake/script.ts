/** The demo's run: a tag filter for the notes, with one question and one failed check on the way. */
import type { EventFrame, Evidence } from "$/protocol/protocol";
import { DEMO_FILES } from "./folder";

const evidence = (passed: number, failed: number, before: number | null): Evidence => ({
  command: "python3 -m pytest -q",
  exit: failed > 0 ? "1" : "0",
  passed,
  failed,
  skipped: 0,
  passed_before: before,
  files_checked: 3,
  duration_ms: 840,
  warnings: [],
});

const STORE = (DEMO_FILES["src/notes/store.py"] ?? "").replace(
  "    def search(self",
  `    def with_tag(self, tag: str) -> list[Note]:
        return [note for note in self.all() if tag in note.tags]

    def search(self`,
);
const MAIN = (DEMO_FILES["src/notes/main.py"] ?? "")
  .replace("limit: int = 50)", "tag: str | None = None, limit: int = 50)")
  .replace(
    "    return found[:limit]",
    "    if tag is not None:\n        found = [note for note in found if tag in note.tags]\n    return found[:limit]",
  );
const TESTS = `${DEMO_FILES["tests/test_notes.py"] ?? ""}

def test_only_notes_with_the_tag() -> None:
    store = Store()
    store.add("Milk", "", ["shop"])
    store.add("Call", "", ["phone"])
    assert [note.title for note in store.with_tag("shop")] == ["Milk"]
`;

/** What the script's agents write. */
export const SCRIPT_FILES: Record<string, string> = {
  "contract/contract.md":
    "# Contract\n\n`GET /notes?tag=NAME` lists only notes that have the tag NAME.\n\n`Store.with_tag(tag: str) -> list[Note]`\n",
  "src/notes/store.py": STORE,
  "src/notes/main.py": MAIN,
  "web/app.ts": (DEMO_FILES["web/app.ts"] ?? "").replace(
    "  tags: string[];\n}",
    "  tags: string[];\n}\n\nexport const tagged = (notes: Note[], tag: string): Note[] => notes.filter((note) => note.tags.includes(tag));",
  ),
  "tests/test_notes.py": TESTS,
};

const call = (
  agent: string,
  id: string,
  tool: string,
  args: Record<string, string>,
  output: string,
  ok = true,
): Told[] => [
  { event: "tool_call", agent, call_id: id, tool, arguments: args },
  { event: "tool_result", agent, call_id: id, tool, ok, output, duration_ms: 120 },
];

type Told = EventFrame extends infer F
  ? F extends { event: string }
    ? Omit<F, "run_id" | "seq" | "at">
    : never
  : never;

const words = (agent: string, text: string): Told[] =>
  (text.match(/\S+\s*/g) ?? []).map((chunk) => ({ event: "token_chunk", agent, chunk }));

const asked = (agent: string, input: number, output: number): Told => ({
  event: "model_called",
  agent,
  model: "local/qwen2.5-coder-1.5b",
  usage: { input, cached: 0, output },
  cost_usd: 0,
  duration_ms: 2300,
});

const wrote = (agent: string, path: string): Told[] => [
  ...call(agent, `${agent}-${path}`, "write_file", { path }, "written"),
  { event: "file_written", agent, path, bytes: SCRIPT_FILES[path]?.length ?? 0 },
];

const EVENTS: Told[] = [
  {
    event: "run_started",
    node_count: 4,
    objective: "",
    model: "local/qwen2.5-coder-1.5b",
    nodes: [
      { agent: "planner", wave: 1, needs: [] },
      { agent: "backend", wave: 2, needs: ["planner"] },
      { agent: "frontend", wave: 2, needs: ["planner"] },
      { agent: "qa", wave: 3, needs: ["backend", "frontend"] },
    ],
  },
  { event: "node_started", agent: "planner", wave: 1, attempt: 1 },
  ...words(
    "planner",
    "The notes have tags already, but nobody can ask for them. I will give the store a way to find notes by tag, and the route a parameter.",
  ),
  asked("planner", 1840, 210),
  ...wrote("planner", "contract/contract.md"),
  {
    event: "node_completed",
    agent: "planner",
    summary: "Planned a tag filter for the store and the route.",
    files: ["contract/contract.md"],
    duration_ms: 4200,
  },
  { event: "checkpoint_saved", wave: 1, finished: ["planner"] },
  { event: "node_started", agent: "backend", wave: 2, attempt: 1 },
  { event: "node_started", agent: "frontend", wave: 2, attempt: 1 },
  ...call("backend", "b1", "read_file", { path: "src/notes/store.py" }, "41 lines"),
  ...words(
    "backend",
    "def with_tag(self, tag: str) -> list[Note]: return [note for note in self.all() if tag in note.tags]",
  ),
  asked("backend", 2610, 340),
  ...wrote("backend", "src/notes/store.py"),
  ...wrote("backend", "src/notes/main.py"),
  ...call("frontend", "f1", "search_code", { query: "interface Note" }, "web/app.ts:1"),
  asked("frontend", 1320, 120),
  ...wrote("frontend", "web/app.ts"),
  {
    event: "human_input_required",
    question_id: "q1",
    agent: "frontend",
    question: "Should a click on a tag replace the search, or narrow it further?",
  },
  { event: "human_input_received", question_id: "q1", agent: "frontend" },
  {
    event: "node_completed",
    agent: "frontend",
    summary: "Added the tag filter to the page.",
    files: ["web/app.ts"],
    duration_ms: 6100,
  },
  {
    event: "validation_failed",
    agent: "backend",
    attempt: 1,
    evidence: evidence(1, 1, 2),
    debug_info: {
      error_type: "validation_failure",
      failed_command: "python3 -m pytest -q",
      full_output: "E   assert ['one', 'two'] == ['two']\n1 failed, 1 passed",
      failed_tests: ["test_latest_first"],
      attempt: 2,
    },
  },
  { event: "node_started", agent: "backend", wave: 2, attempt: 2 },
  asked("backend", 3120, 280),
  ...wrote("backend", "src/notes/store.py"),
  { event: "validation_passed", agent: "backend", attempt: 2, evidence: evidence(2, 0, 2) },
  {
    event: "node_completed",
    agent: "backend",
    summary: "The store finds notes by tag; the route has the parameter.",
    files: ["src/notes/main.py", "src/notes/store.py"],
    duration_ms: 9800,
  },
  { event: "checkpoint_saved", wave: 2, finished: ["planner", "backend", "frontend"] },
  { event: "node_started", agent: "qa", wave: 3, attempt: 1 },
  ...words("qa", "A test for the tag itself, and that the order stays: latest first."),
  asked("qa", 2240, 190),
  ...wrote("qa", "tests/test_notes.py"),
  { event: "validation_passed", agent: "qa", attempt: 1, evidence: evidence(3, 0, 2) },
  {
    event: "node_completed",
    agent: "qa",
    summary: "3 tests, one of them new.",
    files: ["tests/test_notes.py"],
    duration_ms: 3900,
  },
  { event: "run_completed", files: Object.keys(SCRIPT_FILES).sort(), evidence: evidence(3, 0, 2) },
] as Told[];

export const DEMO_SCRIPT: EventFrame[] = EVENTS.map(
  (event, at) =>
    ({
      run_id: "demo",
      seq: at + 1,
      at: new Date(1_780_000_000_000 + at * 1500).toISOString(),
      ...event,
    }) as EventFrame,
);
