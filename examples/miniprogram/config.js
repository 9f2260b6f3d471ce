/* Where newer maps come from.
 *
 * `url`: the `bundle/` of a published site, without a slash at the end, such as
 * `https://maps.hospital.example/bundle`. Empty: only the map that came with the app is used.
 * `repository`: where a publishing server's signed files are, such as
 * `https://maps.hospital.example`, with `metadata/` in it. Then only maps that the hospital has
 * signed are accepted, and its closures arrive within a minute. `root.js`, which `pack.py` writes,
 * says whose signature counts. */
module.exports = { url: '', repository: '', root: require('./root.js') };
