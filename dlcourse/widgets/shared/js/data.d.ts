// Data that Python hands over when it assembles a widget's module (dlcourse/widgets/shared/module.py).

/** The one table of colours: dlcourse/widgets/shared/palette.py. */
declare module "dlcourse:palette" {
  const palette: {
    window: string;
    categorical: string[];
    diverging: Record<"light" | "dark", string[]>;
    sequential: Record<"light" | "dark", string[]>;
  };
  export default palette;
}

/** A widget's facts: whatever its Python gives to `browser_files`, as JSON can hold it. */
declare module "dlcourse:*" {
  const facts: any;
  export default facts;
}
