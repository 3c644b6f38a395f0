/** The six steps with how many cases stand at each, and the tabs of the queue: both narrow what is shown. */

import { element } from '../lib/dom.js';
import { count } from '../lib/format.js';
import { TABS } from '../lib/state.js';
import { t } from '../lib/words.js';

/** @typedef {import('../lib/state.js').PageState} PageState */

const LAST = 5;

/**
 * @param {HTMLElement} host
 * @param {number[]} counts of steps 1 to 5
 * @param {PageState} state
 * @param {(patch: Partial<PageState>) => void} onChange
 */
export function drawSteps(host, counts, state, onChange) {
  const buttons = counts.map((n, i) => {
    const step = i + 1;
    const on = state.step === step;
    const button = element('button', { type: 'button', class: 'step', 'data-step': step, 'aria-pressed': String(on) },
      element('span', { class: 'step-name' }, element('i', { 'aria-hidden': true }, String(step)), t(`map.step_${step}`)), element('b', {}, count(n)));
    // What has ended is not among the open: whoever asks for the last step asks for it in every state.
    button.addEventListener('click', () => onChange({ step: on ? null : step, state: !on && step === LAST ? 'all' : state.state === 'all' ? 'open' : state.state, case: null }));
    return button;
  });
  host.replaceChildren(...buttons);
}

/**
 * @param {HTMLElement} host
 * @param {Record<string, number>} counts
 * @param {PageState} state
 * @param {(patch: Partial<PageState>) => void} onChange
 */
export function drawTabs(host, counts, state, onChange) {
  const shown = TABS.filter((tab) => !state.past || !['todo', 'supervised', 'followed'].includes(tab));
  host.replaceChildren(...shown.map((tab) => {
    const on = state.tab === tab;
    const button = element('button', { type: 'button', class: 'tab', 'data-tab': tab, 'aria-pressed': String(on) }, t(`tab.${tab}`), element('b', {}, count(counts[tab] ?? 0)));
    button.addEventListener('click', () => onChange({ tab, case: null }));
    return button;
  }));
}
