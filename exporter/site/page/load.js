/* Loads scripts of the site that are not needed at every start: `await
 * navkitLoad.load('vendor/qrcode.js')`. */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make();
  } else {
    root.navkitLoad = make();
  }
})(this, function () {
  'use strict';

  const loading = {};

  /** Runs a script, once. */
  function load(path) {
    if (!loading[path]) {
      loading[path] = new Promise(function (resolve, reject) {
        const script = document.createElement('script');
        script.onload = resolve;
        script.onerror = function () {
          script.remove();
          delete loading[path];
          reject(new Error('no ' + path));
        };
        script.src = path;
        document.head.append(script);
      });
    }
    return loading[path];
  }

  return { load: load };
});
