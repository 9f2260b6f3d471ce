/* Codes on walls by the phone's camera, where the browser reads them itself. Elsewhere somebody types
 * what is printed under the code, or pastes what the phone's own camera reads. */
(function () {
  'use strict';

  const PAUSE_MS = 200;

  const form = /** @type {?HTMLFormElement} */ (document.getElementById('scan'));
  const button = document.getElementById('scan-camera');
  const video = /** @type {?HTMLVideoElement} */ (document.getElementById('scan-video'));
  const refused = document.getElementById('scan-refused');
  const name = button && button.textContent;
  let isOn = false;

  /** A reader of the browser's own, null where there is none that knows these codes. */
  async function reader() {
    if (!window.BarcodeDetector || !navigator.mediaDevices) { return null; }
    const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    return known.includes('qr_code') ? new window.BarcodeDetector({ formats: ['qr_code'] }) : null;
  }

  /** The text of the first code that the camera sees; '' if somebody stops before. */
  async function seenBy(detector) {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    try {
      video.srcObject = stream;
      await video.play();
      while (isOn) {
        const found = await detector.detect(video);
        if (found.length) { return found[0].rawValue; }
        await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
      }
      return '';
    } finally {
      stream.getTracks().forEach((track) => track.stop());
    }
  }

  function show(on) {
    isOn = on;
    video.hidden = !on;
    button.textContent = on ? button.dataset.stop : name;
  }

  async function scan(detector) {
    show(true);
    refused.hidden = true;
    try {
      const text = await seenBy(detector);
      if (text) {
        form.querySelector('input[name=code]').setAttribute('value', text);
        form.submit();
      }
    } catch (error) {
      refused.hidden = false; // No camera, or it must not be used, or its reader does not work.
    }
    show(false);
  }

  if (form && button && video) {
    reader().then(function (detector) {
      if (!detector) { return; }
      button.hidden = false;
      button.addEventListener('click', function () {
        if (isOn) { show(false); } else { scan(detector); }
      });
    });
  }
})();
