// What needs the map library, which is most of the bytes and comes beside the rest of the page.

export { Stage } from "./stage";
export { Swipe } from "./swipe";
