/** Chat about the code (Cmd+L): the right panel. */
import { tick } from "svelte";
import { t } from "$/messages";
import type { Feature } from "$/workbench";
import ChatView from "./ChatView.svelte";
import { conversationOf } from "./conversation.svelte";

export const chat: Feature = {
  id: "chat",
  rightPanel: ChatView,
  commands: (workbench) => [
    {
      id: "chat.ask",
      title: t.chat.command,
      category: t.chat.title,
      run: async (text) => {
        const conversation = conversationOf(workbench);
        workbench.layout.chat = true;
        conversation.takeFocused();
        if (typeof text === "string" && text !== "") conversation.draft = text;
        await tick();
        workbench.commands.run("chat.focus");
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
