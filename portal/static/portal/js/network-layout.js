// Where the people stand on the network map. Pure: the same people always stand in the same places, and one who is added
// moves nobody who was there before.
const MARK = 12;
const GAP = 3;
// Farther from the next one than this is no better.
const CLEAR = 24;
const LETTER_WIDTH = 0.58;
// From the middle of a cell outwards; where there is no room for a name, a number looks more closely.
const STEPS = [0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95];
const CLOSE_STEPS = Array.from({ length: 15 }, (_none, step) => step / 14);
const LONGEST = 14;

const startOf = (map, group) => -Math.PI / 2 - Math.PI / map.sectors + (group * 2 * Math.PI) / map.sectors;

// A name as it fits on the map; the list has the whole of it.
export const shortened = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

// The group and the ring of a point: {group, ring}.
export function cellAt(map, x, y) {
  const [dx, dy] = [x - map.centre, y - map.centre];
  const turn = (Math.atan2(dy, dx) - startOf(map, 0) + 4 * Math.PI) % (2 * Math.PI);
  const group = Math.min(map.sectors - 1, Math.floor((turn / (2 * Math.PI)) * map.sectors));
  const distance = Math.hypot(dx, dy);
  const ring = map.rings.slice(1, -1).filter((edge) => distance > edge).length;
  return { group, ring };
}

const across = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left);
const down = (one, other) => Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);

// The area that two boxes share.
const overlap = (one, other) => Math.max(0, across(one, other)) * Math.max(0, down(one, other));

// The room between two boxes that share nothing.
const between = (one, other) => Math.hypot(Math.min(0, across(one, other)), Math.min(0, down(one, other)));

const around = (x, y, width, height) => ({
  left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2,
});

function* placesIn(map, { group, ring }, steps) {
  const [inner, outer] = [map.rings[ring] + MARK, map.rings[ring + 1] - MARK];
  const width = (2 * Math.PI) / map.sectors;
  for (const out of steps) {
    for (const along of steps) {
      const radius = inner + (outer - inner) * out;
      // No mark stands on the line between two groups.
      const margin = Math.min(0.4, (MARK + GAP) / (radius * width));
      const angle = startOf(map, group) + width * (margin + (1 - 2 * margin) * along);
      yield { x: map.centre + radius * Math.cos(angle), y: map.centre + radius * Math.sin(angle) };
    }
  }
}

// The four places of a name beside its mark: below, above, to the right, to the left.
function* namesAt({ x, y }, width, height) {
  yield { x, y: y + MARK + height / 2 };
  yield { x, y: y - MARK - height / 2 };
  yield { x: x + MARK + width / 2, y };
  yield { x: x - MARK - width / 2, y };
}

const corners = (box) => [box.left, box.right].flatMap((x) => [box.top, box.bottom].map((y) => ({ x, y })));

// How far a box reaches from the middle.
const reach = (map, box) => Math.max(...corners(box).map(({ x, y }) => Math.hypot(x - map.centre, y - map.centre)));

// How many corners of a box are in somebody else's cell.
function strays(map, { group, ring }, box) {
  const cells = corners(box).map(({ x, y }) => cellAt(map, x, y));
  return cells.filter((cell) => cell.group !== group || cell.ring !== ring).length;
}

// The best place for one person among what is already there: {mark, name, boxes, covered}. covered: what lies over something
// else or outside the rings, 0 when all is free. Among the free ones a name that stays in its own cell, then one with room around.
function best(map, person, label, taken, steps) {
  const width = label.length * map.letter * LETTER_WIDTH + 2 * GAP;
  const height = map.letter + GAP;
  const edge = map.rings.at(-1);
  let found = { covered: Infinity };
  for (const mark of placesIn(map, person, steps)) {
    for (const name of namesAt(mark, width, height)) {
      const boxes = [around(mark.x, mark.y, 2 * MARK, 2 * MARK), around(name.x, name.y, width, height)];
      const pairs = taken.flatMap((other) => boxes.map((box) => [box, other]));
      const outside = Math.max(0, reach(map, boxes[1]) - edge) * height;
      const covered = pairs.reduce((sum, [box, other]) => sum + overlap(box, other), outside);
      const stray = strays(map, person, boxes[1]);
      const room = Math.min(CLEAR, ...pairs.map(([box, other]) => between(box, other)));
      if ((covered - found.covered || stray - found.stray || found.room - room) < 0) {
        found = { mark, name, boxes, covered, stray, room };
      }
      if (!covered && !stray && room === CLEAR) return found;
    }
  }
  return found;
}

// people: [{name, group, ring}]. map: {centre, rings, sectors, letter}. Gives for each {x, y, label, nameX, nameY, boxes}.
// A name that has no room gives way to the person's number in the list.
export function place(people, map) {
  const middle = around(map.centre, map.centre, 1.6 * map.rings[0], 1.6 * map.rings[0]);
  const taken = [middle];
  return people.map((person, number) => {
    let label = shortened(person.name);
    let found = best(map, person, label, taken, STEPS);
    if (found.covered) {
      label = String(number + 1);
      found = best(map, person, label, taken, CLOSE_STEPS);
    }
    taken.push(...found.boxes);
    return { ...found.mark, label, nameX: found.name.x, nameY: found.name.y, boxes: found.boxes };
  });
}
