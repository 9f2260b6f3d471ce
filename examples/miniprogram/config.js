/* Where newer maps come from.
 *
 * `url`: the `bundle/` of a published site, without a slash at the end, such as
 * `https://maps.hospital.example/bundle`. Empty: the map that came with the app is all there is.
 * `repository`: where a publishing server's signed files lie, such as `https://maps.hospital.example`,
 * with `metadata/` in it. Then only maps that the hospital has signed are taken, and what it closes is
 * known within a minute. Whose signature counts stands in `root.js`, which `pack.py` writes. */
module.exports = { url: '', repository: '', root: require('./root.js') };
