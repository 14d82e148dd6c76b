/** The conversation with the model: asks in order, stops, goes back. */

import { focusedText } from "$/editor";
import type { Stream } from "$/host";
import { baseName, parentOf } from "$/lib/paths";
import { t } from "$/messages";
import type { Workbench } from "$/workbench";
import {
  type Chat,
  type ChatAction,
  chatReduce,
  contextOf,
  EMPTY_CHAT,
  historyBefore,
  nextTurn,
  type Reference,
} from "./state";

/** As much of a file as goes along when nothing is selected. */
const FILE_MOST = 12_000;

export class Conversation {
  chat = $state.raw<Chat>(EMPTY_CHAT);
  draft = $state("");
  /** Grows whenever the user wants to write; the view gives the focus to its box. */
  asked = $state(0);
  references = $state.raw<Reference[]>([]);
  #workbench: Workbench;
  #stream: { id: number; stream: Stream } | null = null;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  #do(action: ChatAction): void {
    this.chat = chatReduce(this.chat, action);
  }

  get busy(): boolean {
    return this.chat.turns.some((turn) => turn.state === "streaming");
  }

  /** Takes what is selected, or the open file, along with the next question. */
  takeFocused(): void {
    const focused = focusedText(this.#workbench);
    if (!focused) return;
    const { path, selection } = focused;
    const reference: Reference = selection
      ? {
          id: `${path}:${selection.firstLine}-${selection.lastLine}`,
          label: t.chat.selection(baseName(path), selection.firstLine, selection.lastLine),
          path,
          text: selection.text,
        }
      : { id: path, label: baseName(path), path, text: focused.text.slice(0, FILE_MOST) };
    this.references = [
      ...this.references.filter((each) => each.path !== path || each.id === reference.id || selection),
      reference,
    ].filter((each, at, all) => all.findIndex((other) => other.id === each.id) === at);
  }

  /** Lets the user choose a file to talk about. */
  chooseFile(): void {
    const { folder, host, picker } = this.#workbench;
    if (!folder) return;
    picker.open({
      label: t.chat.context,
      placeholder: t.app.goToFileHint,
      empty: t.app.nothingFits,
      items: async (query) => {
        const found = await host.call("files_find", { folder: folder.folder, query, limit: 60 });
        return found.files.map(({ path }) => ({
          id: path,
          label: baseName(path),
          detail: parentOf(path),
          path,
          choose: () => void this.#takeFile(folder.folder, path),
        }));
      },
    });
  }

  async #takeFile(folder: string, path: string): Promise<void> {
    const file = await this.#workbench.host.call("file_open", { folder, path });
    if (file.text === null) return this.#workbench.notices.say("plain", t.editor.binary.title);
    const reference = { id: path, label: baseName(path), path, text: file.text.slice(0, FILE_MOST) };
    this.references = [...this.references.filter((each) => each.id !== path), reference];
    this.asked += 1;
  }

  leaveOut(id: string): void {
    this.references = this.references.filter((each) => each.id !== id);
  }

  send(message: string): void {
    if (message.trim() === "") return;
    this.#do({ kind: "asked", message: message.trim(), references: this.references });
    this.draft = "";
    this.#goOn();
  }

  #goOn(): void {
    const turn = nextTurn(this.chat);
    if (!turn) return;
    const { id } = turn;
    this.#do({ kind: "begun", id });
    const model = this.#workbench.preferences?.inline.chat_model;
    const path = turn.references[0]?.path;
    const stream = this.#workbench.host.stream(
      "inline_chat_stream",
      {
        file_context: contextOf(turn.references),
        message: turn.message,
        history: historyBefore(this.chat, id),
        ...(path ? { path } : {}),
        ...(model ? { model } : {}),
      },
      (items) => {
        for (const item of items) {
          this.#do(
            item.kind === "text"
              ? { kind: "text", id, text: item.text }
              : { kind: "done", id, reply: item.reply },
          );
        }
      },
    );
    this.#stream = { id, stream };
    void stream.done.then((end) => {
      if (end)
        this.#do({ kind: "failed", id, problem: end.hint ? `${end.message} ${end.hint}` : end.message });
      if (this.#stream?.id === id) this.#stream = null;
      this.#goOn();
    });
  }

  stop(): void {
    if (!this.#stream) return;
    this.#do({ kind: "stopped", id: this.#stream.id });
    this.#stream.stream.close();
  }

  withdraw(id: number): void {
    this.#do({ kind: "withdrawn", id });
  }

  /** Goes back to an old message and puts it into the input, to be asked otherwise. */
  editAgain(id: number): void {
    const turn = this.chat.turns.find((each) => each.id === id);
    if (!turn) return;
    this.stop();
    this.draft = turn.message;
    this.references = turn.references;
    this.#do({ kind: "rewound", id });
  }

  clear(): void {
    this.stop();
    this.chat = EMPTY_CHAT;
    this.references = [];
  }
}

const conversations = new WeakMap<Workbench, Conversation>();

export function conversationOf(workbench: Workbench): Conversation {
  let conversation = conversations.get(workbench);
  if (!conversation) {
    conversation = new Conversation(workbench);
    conversations.set(workbench, conversation);
  }
  return conversation;
}
