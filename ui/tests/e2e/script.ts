/** What the model of the tests says. */
import { type Script, textOf, type Turn } from "./model";

export const CONTRACT = "# Contract\n\nbackend.md: a text about the calculator.\n";

/** A planner that asks first, and a backend that writes one text. Each goes on from what it did already. */
const AGENTS: Record<string, Turn[]> = {
  planner: [
    { call: "ask_human", arguments: { question: "Which name?" } },
    {
      call: "write_file",
      arguments: { path: "contract/plan.md", content: "# Plan\n\nbackend: backend.md\n" },
    },
    { call: "write_file", arguments: { path: "contract/contract.md", content: CONTRACT } },
    { text: "Planned." },
  ],
  backend: [
    {
      call: "write_file",
      arguments: { path: "backend.md", content: `# Calculator\n\n${"It adds numbers.\n".repeat(40)}` },
    },
    { text: "Done." },
  ],
};

export const script: Script = ({ request, system, last }) => {
  const agent = /You are the (\w+) agent/.exec(system)?.[1];
  if (agent) {
    const done = request.messages.filter(({ role }) => role === "assistant").length;
    return AGENTS[agent]?.[done] ?? { text: "Done." };
  }
  if (system.startsWith("You complete code")) return { text: "```python\nreturn a + b\n```" };
  if (system.startsWith("You edit code"))
    return { text: "Summary: doubles\n```python\ndef twice(a):\n    return a * 2\n```" };
  if (system.includes("answer a programmer")) {
    const about = /The file (\S+):/.exec(system)?.[1] ?? "nothing";
    return { text: `About **${about}**: ${last}\n\n\`\`\`python\ndef twice(a):\n    return 2 * a\n\`\`\`\n` };
  }
  throw new Error(`Nobody knows what to say to ${textOf(request.messages.at(-1))}`);
};
