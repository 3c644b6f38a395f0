/** From case to case in the order of the queue, while a case is open. */

/**
 * @param {any} page the map page
 * @returns {{onCase: (id: number) => void, onMoved: () => void, onStep: (by: 1 | -1) => void, position: {n: number, total: number} | null}}
 */
export function walking(page) {
  const { desk, state } = page;
  const { items, next } = desk.page;
  const at = items.findIndex((/** @type {any} */ item) => item.id === state.case);
  const total = { open: desk.figures.open, overdue: desk.figures.overdue, near: desk.figures.near, suspended: desk.figures.suspended }[/** @type {string} */ (state.state)];
  return {
    onCase: (id) => page.change({ case: id }),
    onMoved: () => page.refresh(false),
    onStep: async (by) => {
      if (at + by >= desk.page.items.length && desk.page.next) await page.attempt(() => desk.more(state));
      const to = desk.page.items[at < 0 ? 0 : at + by];
      if (to) page.change({ case: to.id });
    },
    position: at < 0 ? null : { n: at + 1, total: state.where || total === undefined ? items.length + (next ? 1 : 0) : Math.max(total, items.length) },
  };
}
