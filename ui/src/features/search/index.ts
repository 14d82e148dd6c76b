/** Search and replace in the files of the folder. */
import Search from "@lucide/svelte/icons/search";
import { focusedText } from "$/editor";
import { t } from "$/messages";
import type { Feature, Workbench } from "$/workbench";
import { wordsOf } from "./words_of";

function show(workbench: Workbench): void {
  const words = wordsOf(workbench);
  const selected = focusedText(workbench)?.selection?.text;
  if (selected && !selected.includes("\n")) words.query = selected;
  workbench.layout.showSide("search");
  words.focus += 1;
}

export const search: Feature = {
  id: "search",
  sideViews: [
    {
      id: "search",
      title: t.search.title,
      icon: Search,
      load: () => import("./SearchView.svelte"),
      order: 20,
      when: (workbench) => workbench.folder !== null,
    },
  ],
  commands: (workbench) => [
    {
      id: "search.show",
      title: t.search.placeholder,
      category: t.search.title,
      when: () => workbench.folder !== null,
      run: () => show(workbench),
    },
    {
      id: "search.in",
      title: t.files.findIn,
      category: t.search.title,
      hidden: true,
      run: (path) => {
        const words = wordsOf(workbench);
        words.include = `${String(path)}/**`;
        words.filtering = true;
        show(workbench);
      },
    },
  ],
};
