// The examiner's bench: a still of the probe and a reference image side by side or over each other. It only shows:
// what it does to a picture (zoom, turn, mirror, lay over) is never kept. Points and arrows go into the form as data.
// Without this script the pictures stand on the page one below the other.
const SPAN = 4; // of the distance between the eyes, on each side, where a picture opens

class Bench {
  constructor(root) {
    this.root = root;
    this.form = document.querySelector("form[data-marks]");
    this.sides = { probe: this.pictures("probe"), reference: this.pictures("reference") };
    this.at = { probe: 0, reference: 0 };
    this.mode = this.sides.reference.length ? "side" : "single";
    this.opacity = 0.5;
    this.swipe = 0.5;
    this.turn = 0;
    this.turnTop = 0;
    this.mirrored = false;
    this.grid = false;
    this.tool = null;
    this.marks = JSON.parse(this.form?.elements.marks?.value || "[]");
    this.status = root.querySelector("[data-bench-status]");
    this.build();
  }

  pictures(side) {
    return Array.from(this.root.querySelectorAll(`[data-side="${side}"] img`), (image) => ({
      number: Number(image.dataset.number),
      url: image.getAttribute("src"),
      caption: image.closest("figure").querySelector("figcaption").textContent.trim(),
      note: image.closest("figure").querySelector(".cs-bench__note").textContent.trim(),
      eyes: (image.dataset.eyes || "").split(" ").filter(Boolean).map(Number),
      size: [Number(image.getAttribute("width")), Number(image.getAttribute("height"))],
    }));
  }

  // -- what is on the page

  build() {
    this.panes = {};
    for (const name of ["left", "right"]) {
      const pane = this.root.querySelector(`[data-pane="${name}"]`);
      if (!pane) continue;
      const viewer = OpenSeadragon({
        element: pane.querySelector("[data-viewer]"), drawer: "canvas", showNavigationControl: false, animationTime: 0,
        visibilityRatio: 0.1, minZoomImageRatio: 0.2, maxZoomPixelRatio: 24, gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: false },
        gestureSettingsTouch: { pinchRotate: false }, keyboardShortcuts: [], imageSmoothingEnabled: true, crossOriginPolicy: false,
      });
      viewer.innerTracker.keyHandler = null;
      viewer.innerTracker.keyDownHandler = null;
      const layer = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      layer.classList.add("cs-bench__layer");
      layer.setAttribute("aria-hidden", "true");
      viewer.canvas.append(layer);
      this.panes[name] = { pane, viewer, layer, caption: pane.querySelector("[data-caption]") };
      viewer.addHandler("viewport-change", () => this.follow(name));
      viewer.addHandler("update-viewport", () => this.draw(name));
      viewer.addHandler("canvas-click", (event) => this.clicked(name, event));
    }
    this.root.classList.add("cs-bench--on");
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.act(button.dataset.do);
    });
    this.root.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["opacity", "swipe"]) {
      const slider = this.root.querySelector(`[data-slider="${name}"]`);
      slider?.addEventListener("input", () => { this[name] = slider.value / 100; this.arrange(); });
    }
    this.thumbnails();
    this.show();
  }

  thumbnails() {
    for (const side of ["probe", "reference"]) {
      const strip = this.root.querySelector(`[data-strip="${side}"]`);
      if (!strip || this.sides[side].length < 2) continue;
      this.sides[side].forEach((picture, place) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "cs-bench__thumb";
        button.setAttribute("aria-pressed", "false");
        const image = document.createElement("img");
        image.src = picture.url;
        image.alt = picture.caption;
        button.append(image);
        button.addEventListener("click", () => { this.at[side] = place; this.show(); });
        strip.append(button);
      });
    }
  }

  current(side) { return this.sides[side][this.at[side]]; }

  // Every picture is laid so that its eyes are one unit apart around the origin: then two of them lie over each other.
  placed(picture) {
    const [width, height] = picture.size;
    const [rx, ry, lx, ly] = picture.eyes.length === 4 ? picture.eyes : [0.42 * width, 0.4 * height, 0.58 * width, 0.4 * height];
    const apart = Math.max(Math.hypot(lx - rx, ly - ry), width / 40);
    const scale = 1 / apart;
    return { x: -((rx + lx) / 2) * scale, y: -((ry + ly) / 2) * scale, width: width * scale, scale };
  }

  async show() {
    const side = this.mode === "side" || this.mode === "single";
    const shown = { left: side ? ["probe"] : ["probe", "reference"], right: this.mode === "side" ? ["reference"] : [] };
    for (const [name, sides] of Object.entries(shown)) {
      const part = this.panes[name];
      if (!part) continue;
      part.pane.hidden = sides.length === 0;
      part.sides = sides;
      const key = sides.map((one) => `${one}${this.at[one]}`).join();
      if (part.key !== key) {
        part.key = key;
        part.viewer.world.removeAll();
        for (const one of sides) {
          const picture = this.current(one), place = this.placed(picture);
          part.viewer.addTiledImage({
            tileSource: { type: "image", url: picture.url, crossOriginPolicy: false },
            x: place.x, y: place.y, width: place.width,
            success: () => { if (!part.opened) { part.opened = true; this.home(); } this.arrange(); },
          });
        }
      }
      part.caption.textContent = sides.map((one) => `${this.current(one).caption} (${this.current(one).note})`).join(", under ");
    }
    for (const strip of this.root.querySelectorAll("[data-strip]")) {
      Array.from(strip.children).forEach((button, place) => button.setAttribute("aria-pressed", String(place === this.at[strip.dataset.strip])));
    }
    for (const button of this.root.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === this.mode));
    for (const slider of this.root.querySelectorAll("[data-for]")) slider.hidden = slider.dataset.for !== this.mode;
    clearInterval(this.blinking);
    if (this.mode === "blink") this.blinking = setInterval(() => { this.blinked = !this.blinked; this.arrange(); }, 700);
    this.arrange();
    this.listMarks();
  }

  home() {
    for (const { viewer } of Object.values(this.panes)) {
      viewer.viewport.fitBounds(new OpenSeadragon.Rect(-SPAN / 2, -SPAN / 2 + 0.4, SPAN, SPAN), true);
    }
  }

  arrange() {
    const { left, right } = this.panes;
    const top = this.mode === "side" ? right : left;
    for (const part of Object.values(this.panes)) part.viewer.viewport.setRotation(this.turn, true);
    const image = top?.viewer.world.getItemAt(this.mode === "side" ? 0 : 1);
    if (image) {
      image.setFlip?.(this.mirrored);
      image.setRotation(this.turnTop, true);
      const shade = { over: this.opacity, swipe: 1, blink: this.blinked ? 1 : 0 }[this.mode] ?? 1;
      image.setOpacity(shade);
      const size = image.getContentSize();
      image.setClip(this.mode === "swipe" ? new OpenSeadragon.Rect(size.x * this.swipe, 0, size.x * (1 - this.swipe), size.y) : null);
    }
    this.root.querySelector("[data-mirrored]").hidden = !this.mirrored;
    for (const name of ["mirror", "grid", "point", "arrow"]) {
      const on = { mirror: this.mirrored, grid: this.grid, point: this.tool === "point", arrow: this.tool === "arrow" }[name];
      this.root.querySelector(`[data-do="${name}"]`)?.setAttribute("aria-pressed", String(on));
    }
    for (const name of Object.keys(this.panes)) this.draw(name);
  }

  follow(name) {
    if (this.following || this.mode !== "side") return;
    const other = this.panes[name === "left" ? "right" : "left"];
    if (!other || other.pane.hidden) return;
    this.following = true;
    const { viewport } = this.panes[name].viewer;
    other.viewer.viewport.zoomTo(viewport.getZoom(true), null, true);
    other.viewer.viewport.panTo(viewport.getCenter(true), true);
    this.following = false;
  }

  // -- keys and buttons

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    const act = {
      1: "side", 2: "over", 3: "swipe", 4: "blink", "+": "in", "=": "in", "-": "out", 0: "home", ArrowLeft: "west", ArrowRight: "east",
      ArrowUp: "north", ArrowDown: "south", "[": "turn-left", "]": "turn-right", "{": "top-left", "}": "top-right", m: "mirror", g: "grid",
      q: "still-back", w: "still-on", e: "image-back", r: "image-on", p: "point", a: "arrow", u: "undo", ",": "less", ".": "more", Escape: "stop",
    }[event.key];
    const viewer = event.target.closest("[data-viewer]");
    if (!act && event.key === "Enter" && viewer && this.tool) {
      event.preventDefault();
      this.markCentre(viewer.closest("[data-pane]").dataset.pane);
    }
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  act(what) {
    const lead = this.panes.left.viewer.viewport;
    const step = (side, by) => { const n = this.sides[side].length; if (n) this.at[side] = (this.at[side] + by + n) % n; };
    const pan = (x, y) => { lead.panBy(lead.deltaPointsFromPixels(new OpenSeadragon.Point(60 * x, 60 * y)), true); };
    const slide = (by) => {
      const name = this.mode === "swipe" ? "swipe" : "opacity";
      this[name] = Math.min(1, Math.max(0, this[name] + by));
      const slider = this.root.querySelector(`[data-slider="${name}"]`);
      if (slider) slider.value = Math.round(100 * this[name]);
    };
    const modes = ["side", "over", "swipe", "blink"];
    if (modes.includes(what) && this.sides.reference.length) this.mode = what;
    ({
      in: () => lead.zoomBy(1.3, null, true), out: () => lead.zoomBy(1 / 1.3, null, true), home: () => { this.turn = this.turnTop = 0; this.home(); },
      west: () => pan(-1, 0), east: () => pan(1, 0), north: () => pan(0, -1), south: () => pan(0, 1),
      "turn-left": () => { this.turn -= 5; }, "turn-right": () => { this.turn += 5; },
      "top-left": () => { this.turnTop -= 1; }, "top-right": () => { this.turnTop += 1; },
      mirror: () => { this.mirrored = !this.mirrored; }, grid: () => { this.grid = !this.grid; },
      "still-back": () => step("probe", -1), "still-on": () => step("probe", 1),
      "image-back": () => step("reference", -1), "image-on": () => step("reference", 1),
      less: () => slide(-0.1), more: () => slide(0.1),
      point: () => this.take("point"), arrow: () => this.take("arrow"), stop: () => this.take(null), undo: () => { this.marks.pop(); this.keepMarks(); },
    })[what]?.();
    lead.applyConstraints?.(true);
    this.show();
    this.say(what);
  }

  say(what) {
    const words = {
      side: "Side by side", over: "Laid over", swipe: "Swipe", blink: "Blink", mirror: this.mirrored ? "The reference image is mirrored" : "Not mirrored",
      grid: this.grid ? "Grid on" : "Grid off", point: "Choose a place for the point, or bring it under the cross with the arrow keys and press Enter", arrow: "Choose foot and head of the arrow, or press Enter with each under the cross",
    };
    if (words[what]) this.status.textContent = words[what];
    if (what.startsWith("still")) this.status.textContent = this.current("probe").caption;
    if (what.startsWith("image") && this.current("reference")) this.status.textContent = this.current("reference").caption;
  }

  take(tool) {
    this.tool = this.mode === "side" || this.mode === "single" ? tool : null;
    this.foot = null;
    if (tool && !this.tool) this.status.textContent = "Marks are put on pictures that stand side by side";
  }

  // -- marks: data beside the pictures

  // By the keyboard a mark goes where the cross is: into the middle of the picture that has the focus.
  markCentre(name) {
    const { x, y } = this.panes[name].viewer.viewport.getContainerSize();
    this.clicked(name, { quick: true, position: new OpenSeadragon.Point(x / 2, y / 2) });
  }

  clicked(name, event) {
    if (!this.tool || !event.quick || !this.form) return;
    event.preventDefaultAction = true;
    const part = this.panes[name], side = part.sides[0], image = part.viewer.world.getItemAt(0);
    if (!image) { this.status.textContent = "The picture is still being shown: once more"; return; }
    const point = image.viewportToImageCoordinates(part.viewer.viewport.pointFromPixel(event.position, true));
    const at = [Math.round(point.x), Math.round(point.y)], [width, height] = this.current(side).size;
    if (at[0] < 0 || at[1] < 0 || at[0] >= width || at[1] >= height) return;
    if (this.tool === "arrow" && (!this.foot || this.foot.name !== name)) { this.foot = { name, at }; this.status.textContent = "Now its head"; return; }
    const [feature, seen] = ["mark_feature", "mark_seen"].map((field) => this.root.querySelector(`[data-${field.replace("_", "-")}]`).value);
    const mark = { side, picture: this.current(side).number, at_px: this.tool === "arrow" ? this.foot.at : at, to_px: this.tool === "arrow" ? at : null, feature, seen };
    this.marks.push(mark);
    this.foot = null;
    this.keepMarks();
    this.show();
  }

  keepMarks() { if (this.form) this.form.elements.marks.value = JSON.stringify(this.marks); }

  listMarks() {
    const list = this.root.querySelector("[data-marks-list]");
    if (!list) return;
    list.replaceChildren(...this.marks.map((mark, place) => {
      const item = document.createElement("li"), remove = document.createElement("button");
      item.textContent = `${mark.feature.replaceAll("_", " ")}, ${mark.seen.replaceAll("_", " ")}, on ${mark.side === "probe" ? "still" : "reference image"} ${mark.picture} `;
      remove.type = "button";
      remove.className = "govuk-link cs-link-button";
      remove.textContent = `Remove mark ${place + 1}`;
      remove.addEventListener("click", () => { this.marks.splice(place, 1); this.keepMarks(); this.show(); });
      item.append(remove);
      return item;
    }));
  }

  draw(name) {
    const { viewer, layer, sides } = this.panes[name];
    const image = viewer.world.getItemAt(0);
    layer.replaceChildren();
    if (!image || !sides) return;
    const add = (tag, values, className) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
      made.setAttribute("class", className);
      layer.append(made);
      return made;
    };
    if (this.grid) {
      const { x, y } = viewer.viewport.getContainerSize();
      for (let i = 1; i < 8; i += 1) {
        add("line", { x1: (x * i) / 8, x2: (x * i) / 8, y1: 0, y2: y }, "cs-bench__grid");
        add("line", { y1: (y * i) / 8, y2: (y * i) / 8, x1: 0, x2: x }, "cs-bench__grid");
      }
    }
    if (sides.length > 1) return;
    if (this.tool) {
      const { x, y } = viewer.viewport.getContainerSize();
      add("line", { x1: x / 2 - 12, x2: x / 2 + 12, y1: y / 2, y2: y / 2 }, "cs-bench__mark");
      add("line", { x1: x / 2, x2: x / 2, y1: y / 2 - 12, y2: y / 2 + 12 }, "cs-bench__mark");
    }
    const place = ([x, y]) => viewer.viewport.pixelFromPoint(image.imageToViewportCoordinates(x + 0.5, y + 0.5, true), true);
    this.marks.forEach((mark, number) => {
      if (mark.side !== sides[0] || mark.picture !== this.current(sides[0]).number) return;
      const at = place(mark.at_px);
      if (mark.to_px) {
        const to = place(mark.to_px), angle = Math.atan2(to.y - at.y, to.x - at.x);
        const wing = (by) => `${to.x - 12 * Math.cos(angle + by)},${to.y - 12 * Math.sin(angle + by)}`;
        add("line", { x1: at.x, y1: at.y, x2: to.x, y2: to.y }, "cs-bench__mark");
        add("polyline", { points: `${wing(0.5)} ${to.x},${to.y} ${wing(-0.5)}` }, "cs-bench__mark");
      } else add("circle", { cx: at.x, cy: at.y, r: 7 }, "cs-bench__mark");
      add("text", { x: at.x + 10, y: at.y - 8 }, "cs-bench__number").textContent = String(number + 1);
    });
  }
}

for (const root of document.querySelectorAll("[data-bench]")) new Bench(root);

// The full checklist is asked for where a conclusion supports, and stays out of the way otherwise.
const checklist = document.querySelector("[data-checklist]");
if (checklist) {
  const wanted = () => document.querySelector("input[name=conclusion]:checked")?.hasAttribute("data-needs-checklist");
  document.addEventListener("change", (event) => { if (event.target.name === "conclusion" && wanted()) checklist.open = true; });
}
