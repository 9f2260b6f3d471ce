/** Globals of the page: what `site.py` writes beside it, and libraries that it loads. */
interface Window {
  /** Words of the screen by language. */
  navkitWords: Record<string, any>;
  /** Where the page is published, '' if unknown. */
  navkitAddress: string;
  /** Whose signatures count, null if nothing is signed. */
  navkitRoot: { text: string; hospital: string; from: string } | null;
  /** The build of a draft; absent on a page for patients. */
  navkitDraft?: string;
  /** For tests and developers. */
  navkitPage: object;

  nacl: object;
  qrcode: (type: number, level: string) => {
    addData(text: string): void;
    make(): void;
    createDataURL(modulePx: number, marginPx: number): string;
  };
  /** The map on which staff draw, for tests. */
  navkitDraw: any;
  /** OpenLayers, in the console. */
  ol: any;
  jsQR: (
    data: Uint8ClampedArray, width: number, height: number, options: { inversionAttempts: string },
  ) => { data: string } | null;
  BarcodeDetector: {
    new (options: { formats: string[] }): {
      detect(video: HTMLVideoElement): Promise<{ rawValue: string }[]>;
    };
    getSupportedFormats(): Promise<string[]>;
  };
}

declare const module: { exports: object };
