export { default as CodeText } from "./CodeText.svelte";
export { default as HunkView } from "./HunkView.svelte";
export { colouredLines, type Piece, plainLines } from "./highlight";
