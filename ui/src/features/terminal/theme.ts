/** The terminal in the window's colours: xterm wants values, so the tokens are read from the page. */
import type { ITheme } from "@xterm/xterm";

/** A colour as the browser computes it, in a form that xterm reads. */
function computed(token: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return "#808080";
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  pen.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = pen.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
}

export function terminalTheme(): ITheme {
  const colour = computed;
  return {
    background: colour("--pane"),
    foreground: colour("--ink"),
    cursor: colour("--accent"),
    cursorAccent: colour("--pane"),
    selectionBackground: colour("--selection"),
    black: colour("--ink-3"),
    red: colour("--bad"),
    green: colour("--good"),
    yellow: colour("--wait"),
    blue: colour("--code-function"),
    magenta: colour("--mind"),
    cyan: colour("--code-type"),
    white: colour("--ink-2"),
    brightBlack: colour("--ink-3"),
    brightRed: colour("--bad"),
    brightGreen: colour("--good"),
    brightYellow: colour("--wait"),
    brightBlue: colour("--code-function"),
    brightMagenta: colour("--mind"),
    brightCyan: colour("--code-type"),
    brightWhite: colour("--ink"),
  };
}
