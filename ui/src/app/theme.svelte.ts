/** Puts the appearance on the document: theme, density, motion, sizes. */
import type { Appearance, EditorSettings } from "$/protocol/protocol";
import type { Workbench } from "$/workbench";

const LOCAL = "cesaflow.appearance";

export type ThemeChoice = Appearance["theme"];

/** The settings' appearance, or this browser's own where there are no settings. */
export class Look {
  theme = $state<ThemeChoice>("system");
  density = $state<Appearance["density"]>("comfortable");
  systemDark = $state(false);
  #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.systemDark = dark.matches;
    dark.addEventListener("change", (event) => {
      this.systemDark = event.matches;
    });
    try {
      const kept = JSON.parse(localStorage.getItem(LOCAL) ?? "{}") as Partial<Appearance>;
      if (kept.theme) this.theme = kept.theme;
      if (kept.density) this.density = kept.density;
    } catch {
      // Somebody else's words under our name; the defaults hold.
    }
  }

  get resolved(): "light" | "dark" {
    if (this.theme !== "system") return this.theme;
    return this.systemDark ? "dark" : "light";
  }

  async choose(change: Partial<Pick<Appearance, "theme" | "density">>): Promise<void> {
    Object.assign(this, change);
    localStorage.setItem(LOCAL, JSON.stringify({ theme: this.theme, density: this.density }));
    if (!this.#workbench.host.capabilities.machine) return;
    for (const [key, value] of Object.entries(change)) {
      await this.#workbench.host.call("settings_set", { key: `appearance.${key}`, value });
    }
  }

  /** Takes over what the settings say. */
  follow(appearance: Appearance, editor: EditorSettings): void {
    this.theme = appearance.theme;
    this.density = appearance.density;
    // Kept here too, so that the next start paints in the right colours at once.
    localStorage.setItem(LOCAL, JSON.stringify({ theme: this.theme, density: this.density }));
    const root = document.documentElement;
    root.dataset["motion"] = appearance.reduced_motion ? "reduced" : "full";
    root.style.setProperty("--text-size", `${appearance.font_size}px`);
    root.style.setProperty("--code-size", `${editor.font_size}px`);
    root.style.setProperty("--code-line", `${editor.line_height}`);
    root.style.setProperty("--code-ligatures", editor.ligatures ? "normal" : "none");
    root.style.setProperty(
      "--code-font",
      editor.font_family ? `${editor.font_family}, var(--font-mono)` : "var(--font-mono)",
    );
  }

  paint(): void {
    const root = document.documentElement;
    root.dataset["theme"] = this.resolved;
    root.dataset["density"] = this.density;
  }
}
