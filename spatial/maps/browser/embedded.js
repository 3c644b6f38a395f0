// Maps of a page: each starts when the reader comes near it; what it draws has classes of the page's style sheet.
/* global L */
const embedded = (() => {
  "use strict";

  /** Rings of a shape, as latitudes and longitudes. */
  function decoded(place) {
    return embedded.coded[place].map((part) => part.map((steps) => {
      const corners = [];
      for (let at = 0, lon = 0, lat = 0; at < steps.length; at += 2) {
        lon += steps[at];
        lat += steps[at + 1];
        corners.push([lat / 1e6, lon / 1e6]);
      }
      return corners;
    }));
  }

  /** A layer's own pane: switched off and on again, it lies where it lay. */
  function paneOf(map) {
    const name = `layer-${map.layersInOrder.length}`;
    map.createPane(name).style.zIndex = 400 + map.layersInOrder.length;
    return name;
  }

  function controls(ways) {
    const control = L.control({position: "topleft"});
    control.onAdd = () => {
      const bar = L.DomUtil.create("div", "leaflet-bar");
      for (const [called, go] of ways) {
        const button = L.DomUtil.create("a", "way", bar);
        Object.assign(button, {href: "#", role: "button", textContent: called});
        L.DomEvent.disableClickPropagation(button).on(button, "click", L.DomEvent.stop).on(button, "click", go);
      }
      return bar;
    };
    return control;
  }

  function drawing(sign) {
    return `<svg viewBox="-.65 -.65 1.3 1.3" aria-hidden="true"><path d="${sign}"/></svg>`;
  }

  function words(name, said) {
    const box = document.createElement("div");
    box.appendChild(document.createElement("strong")).textContent = name;
    if (said) box.appendChild(document.createElement("div")).textContent = said;
    return box;
  }

  function escaped(text) {
    const box = document.createElement("i");
    box.textContent = text;
    return box.innerHTML;
  }

  return {
    words: {},
    coded: [],
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
    waiting: new Map(),
    running: new Map(),

    add(name, called, make) {
      this.waiting.set(name, {called, make});
    },

    watch() {
      const near = new IntersectionObserver(
        (seen) => seen.filter((one) => one.isIntersecting).forEach((one) => this.start(one.target.id, near)),
        {rootMargin: "400px"},
      );
      for (const name of this.waiting.keys()) near.observe(document.getElementById(name));
      document.addEventListener("change", (event) => this.switch(event.target));
      // A sheet of paper is narrower than the screen: all of each map is to be on it.
      addEventListener("beforeprint", () => {
        document.documentElement.classList.add("printing");
        for (const name of [...this.waiting.keys()]) this.start(name, near);
        this.refit();
      });
      addEventListener("afterprint", () => {
        document.documentElement.classList.remove("printing");
        this.refit();
      });
    },

    start(name, near) {
      const one = this.waiting.get(name);
      if (!one) return;
      this.waiting.delete(name);
      near.unobserve(document.getElementById(name));
      const map = one.make();
      const box = map.getContainer();
      box.setAttribute("role", "application");
      box.setAttribute("aria-label", one.called);
      box.addEventListener("keydown", ({key}) => key === "Escape" && map.closePopup());
      this.running.set(name, map);
      for (const control of document.querySelectorAll(`input[data-map="${name}"]`)) this.switch(control);
      box.dataset.ready = "";
    },

    refit() {
      for (const map of this.running.values()) {
        map.invalidateSize({animate: false});
        map.whole(false);
      }
    },

    switch(control) {
      const map = this.running.get(control.dataset?.map);
      const layer = map?.layersInOrder[control.dataset.layer];
      if (!layer || map.hasLayer(layer) === control.checked) return;
      control.checked ? layer.addTo(map) : layer.remove();
      map.share();
    },

    frame(map, {shown, detail}) {
      const bounds = ([west, south, east, north]) => [[south, west], [north, east]];
      map.layersInOrder = [];
      map.names = [];
      map.createPane("names").style.zIndex = 550;
      map.whole = (animate) => map.fitBounds(bounds(shown), {padding: [12, 12], animate});
      map.share = () => room.share(map);
      map.whole(false);
      L.control.zoom({zoomInTitle: this.words.zoom_in, zoomOutTitle: this.words.zoom_out}).addTo(map);
      L.control.scale({imperial: false}).addTo(map);
      const still = !this.still;
      const ways = [[this.words.whole, () => map.whole(still)]];
      if (detail) ways.push([this.words.detail, () => map.fitBounds(bounds(detail), {animate: still})]);
      controls(ways).addTo(map);
      // The wheel and one finger move the page until the map has been chosen.
      map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
      if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
      map.on("popupopen", ({popup}) => {
        const close = popup.getElement().querySelector(".leaflet-popup-close-button");
        close?.setAttribute("aria-label", this.words.close);
      });
    },

    areas(map, {shapes, kinds, kind, names, said}) {
      const pane = paneOf(map);
      const layer = L.featureGroup(shapes.map((place, row) => {
        const area = L.polygon(decoded(place), {className: `area ${kinds[kind[row]]}`, pane, smoothFactor: 0.5});
        area.row = row;
        return area;
      }));
      const told = ({row}) => words(names[row], said[row]);
      layer.bindTooltip(told, {sticky: true}).bindPopup(told);
      layer.on("popupopen tooltipopen", () => layer.isPopupOpen() && layer.closeTooltip());
      map.layersInOrder.push(layer.addTo(map));
    },

    borders(map, {shape, land, kind, rank, names = [], places = []}) {
      const options = {pane: paneOf(map), interactive: false, smoothFactor: 0.5};
      const ground = land.map((place) => L.polygon(decoded(place), {...options, className: "land"}));
      const edges = L.polyline(decoded(shape).flat(), {...options, className: `border ${kind}`});
      const layer = L.featureGroup([...ground, edges]).addTo(map);
      names.forEach((name, row) => map.names.push({rank, layer, ...room.label(escaped(name), name, places[row], kind)}));
      map.layersInOrder.push(layer);
    },

    points(map, _, cluster) {
      cluster.bindPopup((mark) => words(mark.options.title));
      cluster.on("animationend", map.share);
      map.layersInOrder.push(cluster);
    },

    name(map) {
      map.names.sort((one, other) => one.rank - other.rank);
      map.on("moveend", map.share);
      map.share();
    },

    mark({sign, kind}) {
      const icon = L.divIcon({className: `mark ${kind}`, iconSize: [24, 24], html: drawing(sign)});
      return ([lat, lon, title]) => L.marker([lat, lon], {icon, title});
    },

    gathered({sign, kind, called}) {
      return (cluster) => {
        const count = cluster.getChildCount();
        const size = 22 + 6 * String(count).length;
        const many = `<b>${count.toLocaleString("en")}</b>`;
        const html = `${drawing(sign)}${many}<span class="heard">${escaped(called)}</span>`;
        return L.divIcon({className: `gathered ${kind}`, iconSize: [size, size], html});
      };
    },
  };
})();
