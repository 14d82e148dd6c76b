export { default as CodeText } from "./CodeText.svelte";
export { colouredLines, plainLines, type Piece } from "./highlight";
export { default as HunkView } from "./HunkView.svelte";
