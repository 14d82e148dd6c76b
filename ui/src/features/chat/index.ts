/** Chat about the code (Cmd+L): the right panel. */
import { t } from "$/messages";
import type { Feature } from "$/workbench";
import { conversationOf } from "./conversation.svelte";

export const chat: Feature = {
  id: "chat",
  rightPanel: () => import("./ChatView.svelte"),
  commands: (workbench) => [
    {
      id: "chat.ask",
      title: t.chat.command,
      category: t.chat.title,
      run: (text) => {
        const conversation = conversationOf(workbench);
        workbench.layout.chat = true;
        conversation.takeFocused();
        if (typeof text === "string" && text !== "") conversation.draft = text;
        conversation.asked += 1;
      },
    },
    {
      id: "chat.new",
      title: t.chat.newChat,
      category: t.chat.title,
      run: () => conversationOf(workbench).clear(),
    },
  ],
};
