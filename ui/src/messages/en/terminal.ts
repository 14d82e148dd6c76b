export const terminal = {
  title: "Terminal",
  new: "New terminal",
  kill: "End this terminal",
  list: "Terminals",
  exited: (code: string) => `The shell ended (${code}).`,
  failed: "The terminal did not start",
  none: "No terminal is open",
  untrusted: "Terminals start once the folder is trusted.",
  label: (at: number) => `Terminal ${at}`,
  clear: "Clear",
  problems: "Problems",
  output: "Output",
};
