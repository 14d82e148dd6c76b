export * from "./host";
export { follow } from "./follow";
export { Query } from "./query.svelte";
