/** What draws a terminal: xterm and its parts, fetched when the first terminal opens. */
import { FitAddon } from "@xterm/addon-fit";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import type { TerminalSettings } from "$/protocol/protocol";
import { terminalTheme } from "./theme";

export interface Screen {
  terminal: Terminal;
  fit: FitAddon;
  /** Where xterm draws; moved into whichever view shows it. */
  element: HTMLElement;
  /** The theme changed. */
  paint: () => void;
}

export function screen(settings: TerminalSettings | undefined): Screen {
  const terminal = new Terminal({
    fontFamily: '"JetBrains Mono Variable", monospace',
    fontSize: settings?.font_size ?? 13,
    lineHeight: 1.25,
    scrollback: settings?.scroll_back ?? 10_000,
    cursorBlink: true,
    cursorStyle: "bar",
    cursorWidth: 2,
    theme: terminalTheme(),
    screenReaderMode: false,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(
    new WebLinksAddon((_, address) => window.open(address, "_blank", "noopener,noreferrer")),
  );
  const element = document.createElement("div");
  element.className = "terminal-host";
  terminal.open(element);
  return { terminal, fit, element, paint: () => void (terminal.options.theme = terminalTheme()) };
}
