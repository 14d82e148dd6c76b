/** Which host the page has: the window it is in, the server it came from, or the demo. */
import type { Host } from "./host";
import { insideTauri, TauriHost } from "./tauri";
import { takeKey, WebHost } from "./web";

export async function chooseHost(): Promise<Host> {
  if (insideTauri()) return new TauriHost();
  if (new URLSearchParams(location.search).has("demo")) return (await import("./fake")).demoHost();
  const host = new WebHost(new URL(location.href), takeKey(location, history, sessionStorage));
  await host.start();
  return host;
}
