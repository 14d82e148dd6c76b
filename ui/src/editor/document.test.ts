import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { describe, expect, it } from "vitest";
import type { OpenedFile } from "$/protocol/protocol";
import { Document } from "./document";

function opened(text: string): OpenedFile {
  return {
    path: "a.txt",
    kind: "text",
    text,
    encoding: "utf8",
    line_ending: "lf",
    mixed_line_endings: false,
    version: "1",
    bytes: text.length,
    read_only: false,
    media_type: null,
    editor_config: {
      indent_style: null,
      indent_size: null,
      tab_width: null,
      end_of_line: null,
      encoding: null,
      trim_trailing_whitespace: null,
      insert_final_newline: null,
      max_line_length: null,
    },
  };
}

function shown(document: Document): EditorView {
  const view: EditorView = new EditorView({
    state: EditorState.create({ doc: document.state.doc }),
    dispatchTransactions: (transactions) => {
      view.update(transactions);
      for (const transaction of transactions) document.took(view, transaction);
    },
  });
  document.attach(view);
  return view;
}

const type = (view: EditorView, at: number, insert: string) =>
  view.dispatch({
    changes: { from: at, insert },
    selection: { anchor: at + insert.length },
    userEvent: "input.type",
  });

describe("a document", () => {
  it("is the same in all its views", () => {
    const document = new Document(opened("one"));
    const [left, right] = [shown(document), shown(document)];
    type(left, 3, " two");
    expect(right.state.doc.toString()).toBe("one two");
    type(right, 0, "zero ");
    expect(left.state.doc.toString()).toBe("zero one two");
    expect(document.text).toBe("zero one two");
  });

  it("has one history for all its views", () => {
    const document = new Document(opened("one"));
    const [left, right] = [shown(document), shown(document)];
    type(left, 3, " two");
    expect(document.undo(right)).toBe(true);
    expect([left.state.doc.toString(), right.state.doc.toString()]).toEqual(["one", "one"]);
    expect(document.redo(left)).toBe(true);
    expect(right.state.doc.toString()).toBe("one two");
  });

  it("puts the caret back where it was before what is undone", () => {
    const document = new Document(opened("one two"));
    const view = shown(document);
    view.dispatch({ selection: { anchor: 3 } });
    type(view, 3, "!");
    view.dispatch({ selection: { anchor: 0 } });
    document.undo(view);
    expect(view.state.selection.main.head).toBe(3);
  });

  it("a change from outside is one step", () => {
    const document = new Document(opened("a\nb\nc"));
    const view = shown(document);
    document.replaceText("a\nX\nc", "input.edit");
    expect(view.state.doc.toString()).toBe("a\nX\nc");
    document.undo(view);
    expect(document.text).toBe("a\nb\nc");
  });

  it("is not dirty once everything is undone", async () => {
    const document = new Document(opened("one"));
    const view = shown(document);
    const told: boolean[] = [];
    document.onDirty = (dirty) => told.push(dirty);
    type(view, 0, "x");
    document.undo(view);
    await new Promise((done) => setTimeout(done, 300));
    expect(told).toEqual([true, false]);
  });

  it("stays dirty when more was typed than was saved", () => {
    const document = new Document(opened("one"));
    const view = shown(document);
    type(view, 0, "x");
    const written = document.state.doc;
    type(view, 0, "y");
    document.saved(written, "2");
    expect(document.dirty).toBe(true);
    expect(document.version).toBe("2");
  });
});
