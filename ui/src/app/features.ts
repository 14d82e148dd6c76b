/** The features of the window, in no order that matters. */
import { editor } from "$/editor";
import { chat } from "$/features/chat";
import { files } from "$/features/files";
import { git } from "$/features/git";
import { review } from "$/features/review";
import { runs } from "$/features/runs";
import { search } from "$/features/search";
import { settings } from "$/features/settings";
import { terminal } from "$/features/terminal";
import type { Feature } from "$/workbench";

export const FEATURES: Feature[] = [editor, files, search, git, runs, review, terminal, chat, settings];
