/** Whether a path fits a glob, as `.gitignore` and editors write them: `*`, `**`, `?`, `{a,b}`. */
export function globTest(globs: readonly string[]): (path: string) => boolean {
  const tests = globs.filter((glob) => glob.trim() !== "").map(expression);
  return (path) => tests.some((test) => test.test(path));
}

function expression(glob: string): RegExp {
  const rooted = glob.startsWith("/");
  const pattern = glob.replace(/^\/|\/$/g, "");
  let source = "";
  let braces = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const each = pattern[at] ?? "";
    if (pattern.startsWith("**/", at)) {
      source += "(?:.*/)?";
      at += 2;
    } else if (pattern.startsWith("**", at)) {
      source += ".*";
      at += 1;
    } else if (each === "*") source += "[^/]*";
    else if (each === "?") source += "[^/]";
    else if (each === "{" && pattern.includes("}", at)) {
      source += "(?:";
      braces += 1;
    } else if (each === "}" && braces > 0) {
      source += ")";
      braces -= 1;
    } else if (each === "," && braces > 0) source += "|";
    else source += each.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  }
  // A name without a slash fits at any depth, and what fits a folder holds for all in it.
  const above = rooted || pattern.includes("/") ? "^" : "^(?:.*/)?";
  return new RegExp(`${above}${source}${")".repeat(braces)}(?:/.*)?$`);
}
