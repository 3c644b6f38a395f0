/** From case to case in the order of the queue, while a case is open. */

/**
 * @param {any} page the map page
 * @returns {{onCase: (id: number) => void, onMoved: () => void, onStep: (by: 1 | -1) => void, position: {n: number, total: number} | null}}
 */
export function walking(page) {
  const { desk, state } = page;
  const { items, total } = desk.view.queue;
  const at = items.findIndex((/** @type {any} */ item) => item.id === state.case);
  return {
    onCase: (id) => page.change({ case: id }),
    onMoved: () => page.refresh(false),
    onStep: async (by) => {
      if (at + by >= desk.view.queue.items.length && desk.view.queue.next) await page.attempt(() => desk.more(state));
      const to = desk.view.queue.items[at < 0 ? 0 : at + by];
      if (to) page.change({ case: to.id });
    },
    position: at < 0 ? null : { n: at + 1, total },
  };
}
