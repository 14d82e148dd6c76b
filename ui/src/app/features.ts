/** The features of the window, in no order that matters. */
import { files } from "$/features/files";
import { runs } from "$/features/runs";
import { editor } from "$/editor";
import type { Feature } from "$/workbench";
export const FEATURES: Feature[] = [editor, files, runs];
