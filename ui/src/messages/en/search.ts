import { plural } from "../plural";

export const search = {
  title: "Search",
  query: "Search",
  placeholder: "Search in files",
  replacement: "Replace with",
  matchCase: "Match case",
  wholeWord: "Whole words",
  regex: "Regular expression",
  include: "Only in",
  exclude: "Not in",
  globs: "src, *.ts",
  toggleReplace: "Show replace",
  toggleFilters: "Show filters",
  results: "Results",
  none: "Nothing was found",
  nothingYet: "Search the folder",
  nothingYetText: "Results appear while you type, with ripgrep's engine.",
  summary: (matches: number, files: number) =>
    `${plural(matches, "result", "results")} in ${plural(files, "file", "files")}`,
  truncated: "There are more; only the first are shown.",
  searching: "Searching…",
  replaceAll: "Replace all",
  replaceFile: "Replace in this file",
  replaceTitle: (matches: number, files: number) =>
    `Replace ${plural(matches, "match", "matches")} in ${plural(files, "file", "files")}?`,
  replaceText: "Files that changed since the search are left alone.",
  replaced: (count: number) => `${plural(count, "match", "matches")} replaced`,
  skipped: (count: number) => `${plural(count, "file", "files")} left alone`,
  failed: "The search failed",
  line: (at: number) => `Line ${at}`,
};
