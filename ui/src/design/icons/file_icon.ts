/** Which sign and hue a file gets: by its whole name first, then by its extension. */

import BookText from "@lucide/svelte/icons/book-text";
import Box from "@lucide/svelte/icons/box";
import Braces from "@lucide/svelte/icons/braces";
import Cog from "@lucide/svelte/icons/cog";
import Database from "@lucide/svelte/icons/database";
import FileIcon from "@lucide/svelte/icons/file";
import FileArchive from "@lucide/svelte/icons/file-archive";
import FileCode from "@lucide/svelte/icons/file-code";
import FileLock from "@lucide/svelte/icons/file-lock";
import FileText from "@lucide/svelte/icons/file-text";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import GitBranch from "@lucide/svelte/icons/git-branch";
import Hash from "@lucide/svelte/icons/hash";
import Image from "@lucide/svelte/icons/image";
import SquareTerminal from "@lucide/svelte/icons/square-terminal";
import type { Component } from "svelte";

export type Hue = "ink" | "amber" | "coral" | "jade" | "iris" | "sky" | "teal";

export interface FileSign {
  icon: Component;
  hue: Hue;
}

const sign = (icon: unknown, hue: Hue): FileSign => ({ icon: icon as Component, hue });

const NAMES: Record<string, FileSign> = {
  "cargo.toml": sign(Box, "coral"),
  "package.json": sign(Box, "coral"),
  "pyproject.toml": sign(Box, "sky"),
  "go.mod": sign(Box, "sky"),
  dockerfile: sign(Box, "sky"),
  makefile: sign(Cog, "amber"),
  license: sign(FileText, "amber"),
  ".gitignore": sign(GitBranch, "coral"),
  ".gitattributes": sign(GitBranch, "coral"),
  ".editorconfig": sign(Cog, "ink"),
  "readme.md": sign(BookText, "jade"),
  "agents.md": sign(BookText, "iris"),
  "claude.md": sign(BookText, "iris"),
};

const EXTENSIONS: [string, FileSign][] = [
  ["rs", sign(FileCode, "coral")],
  ["py pyi", sign(FileCode, "sky")],
  ["ts tsx mts cts", sign(FileCode, "sky")],
  ["js jsx mjs cjs", sign(FileCode, "amber")],
  ["svelte vue", sign(FileCode, "coral")],
  ["go", sign(FileCode, "teal")],
  ["java kt kts scala groovy", sign(FileCode, "coral")],
  ["c h cc cpp cxx hpp cs swift m zig", sign(FileCode, "iris")],
  ["rb php pl lua ex exs erl hs clj dart r jl", sign(FileCode, "iris")],
  ["html htm xml xhtml", sign(FileCode, "coral")],
  ["css scss sass less", sign(Hash, "iris")],
  ["json jsonc json5 jsonl", sign(Braces, "amber")],
  ["toml yaml yml ini cfg conf properties env", sign(Cog, "teal")],
  ["md mdx rst adoc txt log", sign(FileText, "ink")],
  ["sh bash zsh fish ps1 bat cmd", sign(SquareTerminal, "jade")],
  ["sql db sqlite sqlite3", sign(Database, "teal")],
  ["png jpg jpeg gif webp avif svg ico bmp", sign(Image, "iris")],
  ["zip gz tgz xz zst bz2 7z tar rar", sign(FileArchive, "amber")],
  ["lock pem key crt", sign(FileLock, "ink")],
];

const BY_EXTENSION = new Map(
  EXTENSIONS.flatMap(([names, kind]) => names.split(" ").map((name) => [name, kind] as const)),
);
const PLAIN = sign(FileIcon, "ink");
const TEST = /(^test_|[._]test\.|[._]spec\.|_test\.)/;

export function fileSign(path: string): FileSign {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const named = NAMES[name];
  if (named) return named;
  const kind = BY_EXTENSION.get(name.slice(name.lastIndexOf(".") + 1)) ?? PLAIN;
  return TEST.test(name) && kind !== PLAIN
    ? { icon: FlaskConical as unknown as Component, hue: kind.hue }
    : kind;
}
