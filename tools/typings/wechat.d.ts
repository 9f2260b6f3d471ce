/** WeChat's API for mini-programs, as far as navkit uses it. */
declare const wx: any;
declare function App(app: object & ThisType<any>): void;
declare function Page(page: object & ThisType<any>): void;
declare function Component(component: object & ThisType<any>): void;
declare function getApp(): any;
declare function setTimeout(act: (value?: any) => void, ms: number): number;
declare function clearTimeout(timer: number): void;
