/** The demo's folder: small, and with something of everything. */
export const DEMO_FILES: Record<string, string> = {
  "README.md": `# Notes

A small API for notes, with search.

- \`GET /notes\` lists them
- \`POST /notes\` makes one

\`\`\`sh
python -m pytest -q
\`\`\`
`,
  "pyproject.toml": `[project]
name = "notes"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["fastapi", "uvicorn"]
`,
  ".gitignore": "__pycache__/\n.venv/\n",
  ".editorconfig": "root = true\n\n[*]\nindent_style = space\nindent_size = 4\ninsert_final_newline = true\n",
  "src/notes/__init__.py": "",
  "src/notes/main.py": `"""The API: routes only. What a note is lives in store.py."""

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

from .store import Note, Store

app = FastAPI(title="Notes")
store = Store()


class NewNote(BaseModel):
    title: str = Field(min_length=1, max_length=120)
    body: str = ""
    tags: list[str] = []


@app.get("/notes")
def list_notes(query: str | None = None, limit: int = 50) -> list[Note]:
    """Lists notes, the latest first; only those that match when a query is given."""
    found = store.search(query) if query else store.all()
    return found[:limit]


@app.post("/notes", status_code=201)
def make_note(new: NewNote) -> Note:
    return store.add(new.title, new.body, new.tags)


@app.get("/notes/{note_id}")
def show_note(note_id: int) -> Note:
    note = store.get(note_id)
    if note is None:
        raise HTTPException(404, f"there is no note {note_id}")
    return note
`,
  "src/notes/store.py": `"""Notes in memory, and how they are found."""

from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass
class Note:
    id: int
    title: str
    body: str
    tags: list[str] = field(default_factory=list)
    made_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


class Store:
    def __init__(self) -> None:
        self._notes: dict[int, Note] = {}

    def add(self, title: str, body: str, tags: list[str]) -> Note:
        note = Note(len(self._notes) + 1, title, body, tags)
        self._notes[note.id] = note
        return note

    def get(self, note_id: int) -> Note | None:
        return self._notes.get(note_id)

    def all(self) -> list[Note]:
        return sorted(self._notes.values(), key=lambda note: note.made_at, reverse=True)

    def search(self, query: str) -> list[Note]:
        words = query.lower().split()
        return [note for note in self.all() if all(word in f"{note.title} {note.body}".lower() for word in words)]
`,
  "tests/test_notes.py": `from notes.store import Store


def test_search_finds_all_words() -> None:
    store = Store()
    store.add("Milk", "buy two bottles", [])
    store.add("Bread", "buy one", [])
    assert [note.title for note in store.search("buy two")] == ["Milk"]


def test_latest_first() -> None:
    store = Store()
    store.add("one", "", [])
    store.add("two", "", [])
    assert store.all()[0].title == "two"
`,
  "web/index.html":
    '<!doctype html>\n<html lang="en">\n  <body>\n    <main id="notes"></main>\n    <script type="module" src="./app.ts"></script>\n  </body>\n</html>\n',
  "web/app.ts": `interface Note {
  id: number;
  title: string;
  tags: string[];
}

const list = document.querySelector("#notes");

async function load(query = ""): Promise<Note[]> {
  const answer = await fetch(\`/notes?query=\${encodeURIComponent(query)}\`);
  if (!answer.ok) throw new Error(\`the server answered \${answer.status}\`);
  return answer.json();
}

load().then((notes) => {
  list?.replaceChildren(...notes.map((note) => Object.assign(document.createElement("p"), { textContent: note.title })));
});
`,
};
