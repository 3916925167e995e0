declare module 'html-to-text' {
  interface Selector {
    readonly selector: string;
    readonly format?: string;
    readonly options?: Readonly<Record<string, unknown>>;
  }
  type Formatter = (
    element: { readonly attribs: Readonly<Record<string, string | undefined>> },
    walk: unknown,
    builder: { addInline(text: string): void },
  ) => void;
  interface Options {
    readonly formatters: Readonly<Record<string, Formatter>>;
    readonly wordwrap: number | false;
    readonly limits: {
      readonly maxInputLength: number;
      readonly maxDepth: number;
      readonly maxChildNodes: number;
    };
    readonly selectors: readonly Selector[];
  }
  export function compile(options: Options): (html: string) => string;
}
