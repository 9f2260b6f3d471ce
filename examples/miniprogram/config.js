/* Where newer maps come from: the `bundle/` of a published site, without a slash at the end, such
 * as `https://maps.hospital.example/bundle`. Empty: the map that came with the app is all there is. */
module.exports = { url: '' };
