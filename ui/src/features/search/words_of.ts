import type { Workbench } from "$/workbench";
import { SearchWords } from "./words.svelte";

const all = new WeakMap<Workbench, SearchWords>();

export function wordsOf(workbench: Workbench): SearchWords {
  let words = all.get(workbench);
  if (!words) {
    words = new SearchWords();
    all.set(workbench, words);
  }
  return words;
}
