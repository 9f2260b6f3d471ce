/** What the page finds in its window: what `site.py` writes beside it, and libraries that it loads. */
interface Window {
  /** Words of the screen by language. */
  navkitWords: Record<string, any>;
  /** Where the page is published, '' where nobody knows. */
  navkitAddress: string;
  /** Whose signatures count, null where nothing is signed. */
  navkitRoot: { text: string; hospital: string; from: string } | null;
  /** Of which build this is a draft; absent on a page for patients. */
  navkitDraft?: string;
  /** What tests and developers may look at. */
  navkitPage: object;

  nacl: object;
  qrcode: (type: number, level: string) => {
    addData(text: string): void;
    make(): void;
    createDataURL(modulePx: number, marginPx: number): string;
  };
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
