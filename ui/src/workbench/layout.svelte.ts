/** Which parts of the window are shown, and how large. */

export interface LayoutState {
  side: string | null;
  lastSide: string;
  panel: string | null;
  lastPanel: string;
  chat: boolean;
  sizes: { side: number; chat: number; panel: number };
}

const FIRST: LayoutState = {
  side: "files",
  lastSide: "files",
  panel: null,
  lastPanel: "terminal",
  chat: false,
  sizes: { side: 264, chat: 360, panel: 260 },
};

export const LIMITS = { side: [180, 560], chat: [280, 720], panel: [110, 700] } as const;

export class Layout {
  side = $state<string | null>(FIRST.side);
  panel = $state<string | null>(FIRST.panel);
  chat = $state(FIRST.chat);
  sizes = $state({ ...FIRST.sizes });
  #lastSide = FIRST.lastSide;
  #lastPanel = FIRST.lastPanel;

  showSide(id: string): void {
    this.side = id;
    this.#lastSide = id;
  }

  /** Shows a view; hides it when it was shown. */
  toggleSide(id: string = this.#lastSide): void {
    if (this.side === id) this.side = null;
    else this.showSide(id);
  }

  showPanel(id: string): void {
    this.panel = id;
    this.#lastPanel = id;
  }

  togglePanel(id: string = this.#lastPanel): void {
    if (this.panel === id) this.panel = null;
    else this.showPanel(id);
  }

  resize(part: keyof LayoutState["sizes"], pixels: number): void {
    const [least, most] = LIMITS[part];
    this.sizes[part] = Math.round(Math.max(least, Math.min(most, pixels)));
  }

  stored(): LayoutState {
    return {
      side: this.side,
      lastSide: this.#lastSide,
      panel: this.panel,
      lastPanel: this.#lastPanel,
      chat: this.chat,
      sizes: { ...this.sizes },
    };
  }

  restore(stored: Partial<LayoutState>): void {
    if (stored.side !== undefined) this.side = stored.side;
    if (stored.panel !== undefined) this.panel = stored.panel;
    if (stored.chat !== undefined) this.chat = stored.chat;
    this.#lastSide = stored.lastSide ?? this.#lastSide;
    this.#lastPanel = stored.lastPanel ?? this.#lastPanel;
    for (const part of ["side", "chat", "panel"] as const) {
      const size = stored.sizes?.[part];
      if (typeof size === "number") this.resize(part, size);
    }
  }
}
