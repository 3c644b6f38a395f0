/** A case's mark as the page draws it. */

/**
 * @param {string} urgency
 * @returns {SVGSVGElement}
 */
export function mark(urgency) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'mark');
  svg.setAttribute('viewBox', '0 0 14 14');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#m-${urgency}`);
  svg.append(use);
  return svg;
}
