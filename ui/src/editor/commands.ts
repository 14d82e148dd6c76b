/** Commands of the text that has the focus. Keys that only move or edit text are the editor's own. */
import { rank } from "$/lib/fuzzy";
import { t } from "$/messages";
import type { Command, Workbench } from "$/workbench";
import { sessionOf } from "./open_session";
import {
  type At,
  codeActions,
  findReferences,
  format,
  goToDefinition,
  goToSymbol,
  rename,
} from "./servers/requests";

export function editorCommands(workbench: Workbench): Command[] {
  const session = sessionOf(workbench);
  const words = t.editor.command;
  const { category } = t.app;
  const hasText = () => workbench.activeTab?.kind === "file";
  const path = () => workbench.activeTab?.params["path"] ?? "";

  const chooseLanguage = async () => {
    const [{ grammar, languageNamed, languageNames }, { parts }] = await Promise.all([
      import("./languages"),
      import("./setup"),
    ]);
    workbench.picker.open({
      label: t.editor.chooseLanguage,
      placeholder: t.editor.languageHint,
      empty: t.app.nothingFits,
      items: (query) =>
        rank(query, languageNames(), (name) => name).map(({ item, positions }) => ({
          id: item,
          label: item,
          positions,
          choose: async () => {
            const { view } = session;
            const language = languageNamed(item);
            if (!view || !language) return;
            view.dispatch({ effects: parts.language.reconfigure(await grammar(language)) });
            session.language = language.name;
            view.focus();
          },
        })),
    });
  };

  /** Something to ask the server of the text that has the focus. */
  const asking = (id: string, title: string, act: (at: At) => Promise<void>): Command => ({
    id,
    title,
    category: category.editor,
    when: hasText,
    run: async () => {
      const { view, viewDocument } = session;
      if (view && viewDocument)
        await act({ workbench, servers: session.servers, view, document: viewDocument });
    },
  });

  return [
    asking("editor.definition", words.definition, goToDefinition),
    asking("editor.references", words.references, findReferences),
    asking("editor.rename", words.rename, rename),
    asking("editor.actions", words.actions, codeActions),
    asking("editor.symbol", words.symbol, goToSymbol),
    asking("editor.format", words.format, async (at) => {
      if (!(await format(workbench, session.servers, at.document)))
        workbench.notices.say("plain", t.editor.servers.noFormat);
    }),
    asking("editor.server", words.restart, async (at) => session.servers.restart(at.document.path)),
    {
      id: "problems.show",
      title: t.editor.servers.problems,
      category: category.view,
      run: () => workbench.layout.togglePanel("problems"),
    },
    {
      id: "file.save",
      title: words.save,
      category: category.file,
      when: hasText,
      run: async () => void (await session.save(path())),
    },
    {
      id: "file.saveAll",
      title: words.saveAll,
      category: category.file,
      when: () => session.dirty.size > 0,
      run: () => session.saveAll(),
    },
    {
      id: "editor.find",
      title: words.find,
      category: category.editor,
      when: hasText,
      run: async () => {
        const { openSearchPanel } = await import("@codemirror/search");
        if (session.view) openSearchPanel(session.view);
      },
    },
    {
      id: "editor.language",
      title: words.language,
      category: category.editor,
      when: hasText,
      run: chooseLanguage,
    },
    {
      id: "editor.wrap",
      title: words.wrap,
      category: category.editor,
      when: hasText,
      run: () => {
        session.wrapOverride = !(session.wrapOverride ?? workbench.preferences?.editor.word_wrap ?? false);
      },
    },
    {
      id: "inline.snooze",
      title: words.snooze,
      category: category.editor,
      run: () => {
        session.snoozed = !session.snoozed;
      },
    },
    {
      id: "editor.place",
      title: words.place,
      category: category.editor,
      hidden: true,
      run: (at) => session.placeCaret(String(at)),
    },
    {
      id: "editor.focus",
      title: words.place,
      category: category.editor,
      hidden: true,
      run: () => session.focusActive(),
    },
  ];
}
