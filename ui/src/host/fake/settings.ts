/** Settings, drafts and window state in memory. */
import type { Draft, JsonValue, Settings, SettingsView } from "$/protocol/protocol";
import type { Handlers } from "./host";

export const DEFAULTS: Settings = {
  appearance: {
    theme: "system",
    density: "comfortable",
    font_size: 13,
    reduced_motion: false,
    minimap: false,
  },
  editor: {
    font_family: "",
    font_size: 13,
    line_height: 1.55,
    ligatures: false,
    tab_size: 4,
    insert_spaces: true,
    word_wrap: false,
    keymap: "standard",
    line_numbers: true,
    show_whitespace: false,
    format_on_save: false,
    inlay_hints: true,
  },
  files: {
    auto_save: "off",
    trim_trailing_whitespace: false,
    insert_final_newline: true,
    exclude: [".git"],
    show_ignored: true,
  },
  terminal: { shell: "", font_size: 13, scroll_back: 10_000 },
  inline: {
    tab: "eager",
    debounce_ms: 50,
    disabled_languages: [],
    disabled_files: [],
    complete_model: null,
    edit_model: null,
    chat_model: null,
  },
  git: { blame_line: true, fetch_minutes: 0 },
  keys: {},
  language_servers: {},
};

export function keptHandlers(theme: Settings["appearance"]["theme"]): Handlers {
  const settings = structuredClone(DEFAULTS);
  settings.appearance.theme = theme;
  const drafts = new Map<string, Draft>();
  const windows = new Map<string, string>();
  const done = {};
  const view = (): SettingsView => ({
    settings,
    user: { path: "~/.config/cesaflow/settings.json", text: "{}", version: "1", applied: true, problems: [] },
    project: null,
  });
  return {
    settings_show: view,
    settings_set: ({ key, value }) => {
      const [group = "", name = ""] = key.split(".");
      const part = (settings as unknown as Record<string, Record<string, JsonValue | undefined>>)[group];
      if (part) part[name] = value;
      return view();
    },
    draft_save: (draft) => {
      drafts.set(draft.draft, {
        draft: draft.draft,
        folder: draft.folder ?? null,
        path: draft.path ?? null,
        text: draft.text,
        base_version: draft.base_version ?? null,
        saved_at: new Date().toISOString(),
      });
      return done;
    },
    draft_list: () => ({ drafts: [...drafts.values()] }),
    draft_remove: ({ draft }) => {
      drafts.delete(draft);
      return done;
    },
    window_state_save: ({ window, state }) => {
      windows.set(window, state);
      return done;
    },
    window_state_load: ({ window }) => ({ state: windows.get(window) ?? null }),
  };
}
