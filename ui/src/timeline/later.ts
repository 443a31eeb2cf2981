/** A frame that does not come: the tab is in the background. */
const FRAME_WAIT_MS = 250;

/** In a task of its own, so that what runs now does not become one long task with it. Returns the way to give up. */
export function inNextTask(run: () => void): () => void {
  const timer = setTimeout(run, 0);
  return () => clearTimeout(timer);
}

/** When what stands in the page now has been painted. Returns the way to give up. */
export function afterNextFrame(run: () => void): () => void {
  let giveUp = (): void => undefined;
  const go = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    giveUp = inNextTask(run);
  };
  const frame = requestAnimationFrame(go);
  const timer = setTimeout(go, FRAME_WAIT_MS);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    giveUp();
  };
}
