export { follow } from "./follow";
export * from "./host";
export { Query } from "./query.svelte";
