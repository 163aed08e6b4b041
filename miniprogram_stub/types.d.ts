// What `tsc --checkJs` must know of the mini program beyond WeChat's own types.

/** `this` of a page that `definePage` of `app/lib/page.js` makes. */
type PageThis = WechatMiniprogram.Page.InstanceProperties &
  WechatMiniprogram.Page.InstanceMethods<any> & {
    data: any;
    query: Record<string, string>;
    connection: any;
    refresh(): Promise<void>;
    remember(found: object): void;
    entitle(text: string): void;
    /** What is not drawn: pages keep it under names that begin with "_". */
    [unseen: `_${string}`]: any;
  };

/** What a page gives to `definePage`, besides the methods of its own. */
type PageOptions = {
  data?: Record<string, any>;
  load?(query: Record<string, string>): Promise<object | null>;
  live?(state: any, activity?: any): void;
  event?(query: Record<string, string>): number | string | null;
  keeps?: boolean;
};

declare namespace WechatMiniprogram.Component {
  interface InstanceProperties {
    /** What is not drawn: components keep it under names that begin with "_". */
    [unseen: `_${string}`]: any;
  }
}
