/** Models, accounts and answers of the demo. Nothing of it is a model: texts are fixed, and come piece by piece. */
import type { WeightsEntry } from "$/protocol/protocol";
import { type Handlers, pause, type StreamHandlers } from "./host";

const weights: WeightsEntry[] = [
  {
    id: "qwen2.5-coder-1.5b",
    name: "Qwen2.5 Coder 1.5B",
    purpose: "run",
    bytes: 1_117_000_000,
    licence: "Apache-2.0",
    path: "/models/1.5b",
  },
  {
    id: "qwen2.5-coder-0.5b",
    name: "Qwen2.5 Coder 0.5B",
    purpose: "tab",
    bytes: 398_000_000,
    licence: "Apache-2.0",
    path: null,
  },
];

export const modelHandlers: Handlers = {
  auth_me: () => ({
    user_id: "u",
    email: "",
    role: "owner",
    org_id: "o",
    organization_name: "This machine",
    plan: "local",
    key: null,
  }),
  policy_list: () => ({ policies: [] }),
  credential_list: () => ({ credentials: [] }),
  weights_list: () => ({ weights }),
  model_list: () => ({
    total_models: 2,
    providers: [
      {
        id: "local",
        name: "Embedded",
        model_count: 1,
        configured: true,
        key_variable: null,
        models: [
          {
            id: "qwen2.5-coder-1.5b",
            name: "Qwen2.5 Coder 1.5B",
            context: 32_768,
            max_output: 8_192,
            rate_limit: "none",
            pricing: "Free",
            price: null,
            free_tier: true,
            best_for: "Small projects, without a network",
            source: "the model's card",
            as_of: "2026-11-01",
          },
        ],
      },
      {
        id: "anthropic",
        name: "Anthropic",
        model_count: 1,
        configured: false,
        key_variable: "ANTHROPIC_API_KEY",
        models: [],
      },
    ],
  }),
};

/** What Tab offers after these line ends. */
const COMPLETIONS: [RegExp, string][] = [
  [/def count\(self\)[^:]*:\n\s+$/, "return len(self._notes)"],
  [/def remove\($/, "self, note_id: int) -> None:\n        self._notes.pop(note_id, None)"],
  [/for note in $/, "self.all():"],
];

const ANSWER = `The search splits the query into words and keeps the notes that hold **all** of them.

To make it ignore accents, fold both sides first:

\`\`\`python
import unicodedata


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
\`\`\`

Then use \`folded\` in \`Store.search\` instead of \`lower()\`.`;

export const modelStreams: StreamHandlers = {
  inline_complete_stream: async ({ prefix }, tell) => {
    const completion = COMPLETIONS.find(([pattern]) => pattern.test(prefix))?.[1] ?? "";
    await pause(60);
    for (const piece of completion.match(/\S+\s*/g) ?? []) {
      tell([{ kind: "text", text: piece }]);
      await pause(15);
    }
    tell([{ kind: "done", completion }]);
    return null;
  },
  inline_edit_stream: async ({ code }, tell, stop) => {
    const edited = code
      .replace(/def (\w+)\(/g, "def $1_by_words(")
      .replace(
        /query\.lower\(\)\.split\(\)/,
        "query.casefold().split()\n        if not words:\n            return self.all()",
      );
    for (const line of edited.split("\n")) {
      if (stop.aborted) return null;
      tell([{ kind: "text", text: `${line}\n` }]);
      await pause(50);
    }
    tell([{ kind: "done", edited_code: edited, summary: "Folds case and answers all without words." }]);
    return null;
  },
  inline_chat_stream: async (_, tell, stop) => {
    for (const piece of ANSWER.match(/\S+\s*/g) ?? []) {
      if (stop.aborted) return null;
      tell([{ kind: "text", text: piece }]);
      await pause(14);
    }
    tell([{ kind: "done", reply: ANSWER }]);
    return null;
  },
  weights_pull: async (_, tell, stop) => {
    const total = 398_000_000;
    for (let done = 0; done <= total && !stop.aborted; done += total / 20) {
      tell([{ kind: "fetching", source: "mirror", done, total }]);
      await pause(120);
    }
    return null;
  },
};
