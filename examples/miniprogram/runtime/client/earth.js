/* From a map's metres to degrees, and to the degrees that maps of China use.
 *
 * The metres are those of `navkit/plan/frame.py`: a transverse Mercator of WGS 84 with scale 1 at its
 * origin. The way back is the series of J. P. Snyder, Map Projections, USGS Professional Paper 1395,
 * pages 60 to 64, true to a millimetre within 3 km. GCJ-02 is WGS 84 with an offset of some hundreds
 * of metres, whose formula is known to be true to about a metre; it holds in China only.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitEarth = make();
  }
})(this, function () {
  'use strict';

  /** The ellipsoid of WGS 84, and the one that GCJ-02 is computed on, of Krasovsky: its axis in
   * metres and the square of its eccentricity. */
  const WGS84 = { axis_m: 6378137, e2: 0.0066943799901413165 };
  const KRASOVSKY = { axis_m: 6378245, e2: 0.006693421622965943 };
  const DEG = Math.PI / 180;
  /** Where GCJ-02 is used, as longitude and latitude, from and to. */
  const CHINA = { lon: [72.004, 137.8347], lat: [0.8293, 55.8271] };
  /** From where its offsets are counted. */
  const CENTRE = { lon: 105, lat: 35 };

  /** Metres of the meridian from the equator to a latitude. */
  function meridian(lat, { axis_m: axis, e2 }) {
    const [e4, e6] = [e2 ** 2, e2 ** 3];
    return axis * ((1 - e2 / 4 - 3 * e4 / 64 - 5 * e6 / 256) * lat
      - (3 * e2 / 8 + 3 * e4 / 32 + 45 * e6 / 1024) * Math.sin(2 * lat)
      + (15 * e4 / 256 + 45 * e6 / 1024) * Math.sin(4 * lat)
      - (35 * e6 / 3072) * Math.sin(6 * lat));
  }

  /** The latitude of a length of the meridian, in radians. */
  function footpoint(metres, { axis_m: axis, e2 }) {
    const mu = metres / (axis * (1 - e2 / 4 - 3 * e2 ** 2 / 64 - 5 * e2 ** 3 / 256));
    const e1 = (1 - Math.sqrt(1 - e2)) / (1 + Math.sqrt(1 - e2));
    return mu + (3 * e1 / 2 - 27 * e1 ** 3 / 32) * Math.sin(2 * mu)
      + (21 * e1 ** 2 / 16 - 55 * e1 ** 4 / 32) * Math.sin(4 * mu)
      + (151 * e1 ** 3 / 96) * Math.sin(6 * mu) + (1097 * e1 ** 4 / 512) * Math.sin(8 * mu);
  }

  /** Degrees of WGS 84 of a point in metres, x east and y north of a frame's origin in degrees. */
  function toDegrees(frame, [x, y]) {
    const { axis_m: axis, e2 } = WGS84;
    const lat = footpoint(meridian(frame.lat * DEG, WGS84) + y, WGS84);
    const second = e2 / (1 - e2); // The square of the second eccentricity.
    const c = second * Math.cos(lat) ** 2;
    const t = Math.tan(lat) ** 2;
    const bend = 1 - e2 * Math.sin(lat) ** 2;
    const across = axis / Math.sqrt(bend);
    const along = axis * (1 - e2) / bend ** 1.5;
    const d = x / across;
    const north = d ** 2 / 2 - (5 + 3 * t + 10 * c - 4 * c ** 2 - 9 * second) * d ** 4 / 24;
    const east = d - (1 + 2 * t + c) * d ** 3 / 6;
    return {
      lon: frame.lon + east / Math.cos(lat) / DEG,
      lat: (lat - across * Math.tan(lat) / along * north) / DEG,
    };
  }

  function isInChina({ lon, lat }) {
    return CHINA.lon[0] <= lon && lon <= CHINA.lon[1] && CHINA.lat[0] <= lat && lat <= CHINA.lat[1];
  }

  /** What both offsets of GCJ-02 share: waves of an angle, in metres. */
  function waves(parts) {
    return parts.reduce((sum, [metres, angle]) => sum + metres * Math.sin(angle * Math.PI), 0) * 2 / 3;
  }

  /** Degrees of GCJ-02 of degrees of WGS 84; null outside China, where there are none. */
  function toGcj02(at) {
    if (!isInChina(at)) return null;
    const [x, y] = [at.lon - CENTRE.lon, at.lat - CENTRE.lat];
    const root = Math.sqrt(Math.abs(x));
    const both = waves([[20, 6 * x], [20, 2 * x]]);
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
      + waves([[20, y], [40, y / 3], [160, y / 12], [320, y / 30]]);
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
      + waves([[20, x], [40, x / 3], [150, x / 12], [300, x / 30]]);
    const { axis_m: axis, e2 } = KRASOVSKY;
    const bend = 1 - e2 * Math.sin(at.lat * DEG) ** 2;
    return {
      lon: at.lon + east / (axis / Math.sqrt(bend) * Math.cos(at.lat * DEG)) / DEG,
      lat: at.lat + north / (axis * (1 - e2) / bend ** 1.5) / DEG,
    };
  }

  return { toDegrees, toGcj02 };
});
