/** Chooses who answers the page, and mounts it. */
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./design/tokens.css";
import { mount } from "svelte";
import App from "./app/App.svelte";
import Unreachable from "./app/Unreachable.svelte";
import { problemOf } from "./host";
import { chooseHost } from "./host/choose";

const target = document.body.querySelector("#app") ?? document.body;
chooseHost().then(
  (host) => mount(App, { target, props: { host } }),
  (error: unknown) => mount(Unreachable, { target, props: { problem: problemOf(error) } }),
);
