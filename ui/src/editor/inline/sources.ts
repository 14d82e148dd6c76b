/** Tab and Cmd+K ask the host. */
import { globTest } from "$/lib/glob";
import type { EditorSession } from "../session.svelte";
import type { EditSource } from "./edit_prompt";
import type { GhostSource } from "./ghost_text";
import { Latency } from "./latency";

const latency = new Latency();

export function ghostSource(session: EditorSession, path: string, language: string | null): GhostSource {
  const { host } = session.workbench;
  const settings = () => session.workbench.preferences?.inline;
  return {
    path,
    mode: () => {
      if (session.snoozed) return "off";
      if (globTest(settings()?.disabled_files ?? [])(path)) return "off";
      const disabled = settings()?.disabled_languages ?? [];
      if (language && disabled.some((name) => name.toLowerCase() === language.toLowerCase())) return "off";
      return settings()?.tab ?? "eager";
    },
    debounceMs: () => settings()?.debounce_ms ?? 50,
    ask: ({ prefix, suffix }, onText) => {
      const model = settings()?.complete_model;
      let text = "";
      const stream = host.stream(
        "inline_complete_stream",
        { path, prefix, suffix, ...(model ? { model } : {}) },
        (items) => {
          let last = false;
          for (const item of items) {
            if (item.kind === "text") text += item.text;
            else {
              text = item.completion;
              last = true;
            }
          }
          onText(text, last);
        },
      );
      return () => stream.close();
    },
    measured: (ms) => {
      latency.add(ms);
      session.tabLatency = latency.quantile(0.5);
    },
  };
}

export function editSource(session: EditorSession, path: string): EditSource {
  const { host, commands } = session.workbench;
  return {
    path,
    ask: (request, on) => {
      const model = session.workbench.preferences?.inline.edit_model;
      let text = "";
      let done = false;
      const stream = host.stream(
        "inline_edit_stream",
        { ...request, ...(model ? { model } : {}) },
        (items) => {
          for (const item of items) {
            if (item.kind === "text") text += item.text;
            else {
              done = true;
              on.done(item.edited_code);
              return;
            }
          }
          on.text(text);
        },
      );
      void stream.done.then((end) => {
        if (end) on.failed(end.hint ? `${end.message} ${end.hint}` : end.message);
        else if (!done && text !== "") on.done(text);
      });
      return () => stream.close();
    },
    escalate: (instruction) => void commands.run("chat.ask", instruction),
  };
}
