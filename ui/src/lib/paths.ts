/** Paths inside an open folder: `/` between parts, none in front. */

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function parentOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? "" : path.slice(0, cut);
}

export function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Without the dot, lower case; empty where there is none. */
export function extension(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** The folders above a path, outermost first. */
export function ancestors(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

export function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** What to call files that have the same name: the name, and as much of the folders as tells them apart. */
export function distinctNames(paths: string[]): Map<string, { name: string; hint: string }> {
  const names = new Map<string, { name: string; hint: string }>();
  for (const path of paths) {
    const name = baseName(path);
    const rivals = paths.filter((other) => other !== path && baseName(other) === name);
    let hint = "";
    if (rivals.length > 0) {
      const above = parentOf(path).split("/");
      for (let take = 1; take <= above.length; take += 1) {
        hint = above.slice(-take).join("/");
        if (!rivals.some((other) => parentOf(other).split("/").slice(-take).join("/") === hint)) break;
      }
    }
    names.set(path, { name, hint });
  }
  return names;
}
