/* How the map looks: themes, floors, lines and ranks of visibility, as data. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitMapLook = make();
  }
})(this, function () {
  'use strict';

  /** Sizes in CSS pixels, and colours: letters 4.5:1 and routes 3:1 against every floor. */
  const THEMES = {
    normal: {
      letter_px: 12, icon_px: 20, route_px: 7, wall_px: 1, font: 'sans-serif', weight: 'normal',
      paints: {
        page: '#e9edf1', room: '#f7f8fa', staff: '#e6e9ed', corridor: '#fffdf3', hall: '#fffdf3',
        stairs: '#dde4ea', elevator: '#dde4ea', escalator: '#dde4ea', ramp: '#fffdf3',
        outdoor: '#e7f1e4', closed: '#cfd5db', path: '#fffdf3', goalRoom: '#ffe3d6',
        wall: '#98a3ae', door: '#ffffff', ink: '#16202b', quiet: '#45525f', halo: '#ffffff',
        route: '#0b57c4', next: '#4a7fd0', walked: '#6b7785',
        band: '#a9cbf5', turn: '#ffffff', turnEdge: '#0b2f66', routeEdge: '#ffffff', routeArrow: '#ffffff', goal: '#b3261e', mark: '#ffffff',
        shaft: '#0b3d91', facility: '#0f6b5c', urgent: '#b3261e', way: '#0b6b2e', onSign: '#ffffff',
      },
    },
    dark: {
      letter_px: 12, icon_px: 20, route_px: 7, wall_px: 1, font: 'sans-serif', weight: 'normal',
      paints: {
        page: '#0c1015', room: '#222a33', staff: '#1a2027', corridor: '#333d48', hall: '#333d48',
        stairs: '#2a3644', elevator: '#2a3644', escalator: '#2a3644', ramp: '#333d48',
        outdoor: '#1d2b22', closed: '#12171d', path: '#333d48', goalRoom: '#4d2f27',
        wall: '#5f6c79', door: '#333d48', ink: '#f3f6f9', quiet: '#c0cad4', halo: '#0c1015',
        route: '#7cc0ff', next: '#5fa0e0', walked: '#98a5b3',
        band: '#2c5580', turn: '#ffffff', turnEdge: '#0c1015', routeEdge: '#0c1015', routeArrow: '#0c1015', goal: '#ff9a8d', mark: '#0c1015',
        shaft: '#a9cdff', facility: '#7fd6c4', urgent: '#ff9a8d', way: '#8fdca6', onSign: '#0c1015',
      },
    },
    strong: {
      letter_px: 18, icon_px: 30, route_px: 11, wall_px: 1.6, font: 'sans-serif', weight: 'bold',
      paints: {
        page: '#ffffff', room: '#f2f2f2', staff: '#dedede', corridor: '#ffffff', hall: '#ffffff',
        stairs: '#d6d6d6', elevator: '#d6d6d6', escalator: '#d6d6d6', ramp: '#ffffff',
        outdoor: '#ffffff', closed: '#b5b5b5', path: '#ffffff', goalRoom: '#ffe08a',
        wall: '#595959', door: '#ffffff', ink: '#000000', quiet: '#1f1f1f', halo: '#ffffff',
        route: '#000000', next: '#2e2e2e', walked: '#5e5e5e',
        band: '#bdbdbd', turn: '#ffe08a', turnEdge: '#000000', routeEdge: '#ffffff', routeArrow: '#ffffff', goal: '#a30000', mark: '#ffffff',
        shaft: '#000000', facility: '#000000', urgent: '#a30000', way: '#000000', onSign: '#ffffff',
      },
    },
  };

  /** Kinds of floor from the lowest up: what is painted later covers it. */
  const FLOORS = [
    'closed', 'outdoor', 'staff', 'room', 'goalRoom', 'hall', 'corridor', 'ramp', 'escalator',
    'stairs', 'elevator',
  ];

  /** Lines of a route on this level, from the lowest up: their width, and their dashes, in widths
   * of the route. The band is where a walker probably is. Walked parts are distinguished without
   * colour. */
  const LINES = {
    band: { paint: 'band', wide: 3.2, dashes: [] },
    walked: { paint: 'walked', wide: 0.6, dashes: [0.01, 1.1] },
    next: { paint: 'next', wide: 0.85, dashes: [], edge: 0.35, arrows: true },
    now: { paint: 'route', wide: 1.25, dashes: [], edge: 0.45, arrows: true },
  };

  /** Badges of shafts and ways in are square. */
  const SQUARE = ['shaft', 'way'];

  /** The rank of things without an icon. */
  const DEPARTMENT = 3;

  const ROOM = 5;
  const STAFF = 6;

  /** Icons of this rank and better are shown even in rooms that are too small for them. */
  const LOUD = 2;

  /** A place with this much floor is a department, in square metres. A guess. */
  const DEPARTMENT_M2 = 90;

  return { THEMES, FLOORS, LINES, SQUARE, DEPARTMENT, ROOM, STAFF, LOUD, DEPARTMENT_M2 };
});
