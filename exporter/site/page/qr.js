/* QR codes: drawn for another phone, and read by the camera.
 *
 * The two libraries in `vendor/` are loaded on first use, not at every start.
 */
(function (root, make) {
  if (typeof module === 'object' && module && module.exports) {
    module.exports = make(require('./load.js'));
  } else {
    root.navkitQr = make(root.navkitLoad);
  }
})(this, /** @param {typeof import('./load.js')} navkitLoad */ function (navkitLoad) {
  'use strict';

  /** The size of a module, and the white border that a code needs: ISO/IEC 18004 asks for four
   * modules. */
  const MODULE_PX = 8;
  const QUIET_PX = 4 * MODULE_PX;
  /** Pictures are scaled down to this before jsQR searches them, which takes 50 to 100 ms on a
   * quarter of a desk's processor. */
  const LONGEST_PX = 800;
  const PAUSE_MS = 200;

  /** A code for `text`, which is ASCII as all addresses are, as the URL of a picture: black on
   * white, with its border. */
  async function picture(text) {
    await navkitLoad.load('vendor/qrcode.js');
    const code = window.qrcode(0, 'M'); // As small as possible; scratches are a problem of walls.
    code.addData(text);
    code.make();
    return code.createDataURL(MODULE_PX, QUIET_PX);
  }

  // ----------------------------------------------------------------- reading

  /** Returns the text of a code in a video, '' if there is none: by the browser itself. */
  async function browserReader() {
    const known = await window.BarcodeDetector.getSupportedFormats();
    if (!known.includes('qr_code')) throw new Error('no QR codes');
    const detector = new window.BarcodeDetector({ formats: ['qr_code'] });
    return async function (video) {
      const found = await detector.detect(video);
      return found.length ? found[0].rawValue : '';
    };
  }

  /** The same by jsQR, if the browser cannot. */
  async function ownReader() {
    await navkitLoad.load('vendor/jsQR.js');
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d', { willReadFrequently: true });
    return async function (video) {
      const longest = Math.max(video.videoWidth, video.videoHeight);
      if (!longest) return ''; // No picture has arrived yet.
      const scale = Math.min(1, LONGEST_PX / longest);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const seen = context.getImageData(0, 0, canvas.width, canvas.height);
      const found = window.jsQR(
        seen.data, seen.width, seen.height, { inversionAttempts: 'dontInvert' });
      return found ? found.data : '';
    };
  }

  /** A browser may have a reader that it cannot use, as on a phone without Google's services: that
   * shows when it is used. */
  async function reader(video) {
    try {
      const read = await browserReader();
      await read(video);
      return read;
    } catch (error) {
      return ownReader();
    }
  }

  function isShown(element) {
    return element.isConnected && !element.closest('[hidden]');
  }

  /** Shows the camera's picture until `take` says that the text of a code was the right one, or the
   * video is no longer visible. `take` is called once for a code that stays in front of the camera.
   * Rejects if there is no camera, or it must not be used. */
  async function scan(video, take) {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment' },
    });
    try {
      video.srcObject = stream;
      await video.play();
      const read = await reader(video);
      for (let last = '', text = ''; isShown(video); text = await read(video)) {
        if (text && text !== last && take(text)) break;
        last = text || last;
        await new Promise(function (resolve) { setTimeout(resolve, PAUSE_MS); });
      }
    } finally {
      stream.getTracks().forEach(function (track) { track.stop(); });
    }
  }

  return { picture: picture, scan: scan };
});
