// For tests: what the types of core say a request is made of, so that no test has to list it.
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** What values of a type look like. */
export type Shape =
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "string" | "number" | "boolean" | "json" | "jsonObject" | "bytes" | "url" | "circumstance" }
  | { readonly kind: "union"; readonly members: readonly Shape[] }
  | { readonly kind: "list"; readonly item: Shape }
  | { readonly kind: "record"; readonly value: Shape }
  | { readonly kind: "object"; readonly properties: readonly Property[] };

/** A member of an object. */
export interface Property {
  /** The type it belongs to and its own name: `TextPart.text`. */
  readonly name: string;
  readonly key: string;
  readonly optional: boolean;
  readonly shape: Shape;
}

/** Types that stand for themselves. */
const known: Readonly<Record<string, Shape>> = {
  Json: { kind: "json" },
  JsonObject: { kind: "jsonObject" },
  JsonSchema: { kind: "jsonObject" },
  Uint8Array: { kind: "bytes" },
  URL: { kind: "url" },
};

const core = fileURLToPath(new URL("../../core/src/", import.meta.url));
/** What core takes from its surroundings; the types of Node would take a second to read. */
const globals = `declare class URL { readonly href: string }
interface AbortSignal { readonly aborted: boolean }`;

/** The shapes of types of core, by `file.ts` and name. */
export function shapesOf(types: readonly (readonly [file: string, name: string])[]): Shape[] {
  const surroundings = `${core}globals.d.ts`;
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    lib: ["lib.es2024.d.ts"],
    types: [],
    module: ts.ModuleKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const overlaid: ts.CompilerHost = {
    ...host,
    fileExists: (name) => name === surroundings || host.fileExists(name),
    getSourceFile: (name, ...rest) =>
      name === surroundings
        ? ts.createSourceFile(name, globals, ts.ScriptTarget.ES2024)
        : host.getSourceFile(name, ...rest),
  };
  const roots = types.map(([file]) => core + file);
  const program = ts.createProgram([...roots, surroundings], options, overlaid);
  const checker = program.getTypeChecker();

  return types.map(([file, name]) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(core + file)!)!;
    const symbol = checker.getExportsOfModule(module).find((symbol) => symbol.name === name)!;
    return shapeOf(checker.getDeclaredTypeOfSymbol(symbol), name);
  });

  function shapeOf(type: ts.Type, name: string): Shape {
    const own = known[type.aliasSymbol?.name ?? ""] ?? known[type.symbol?.name ?? ""];
    if (own) return own;
    if (type.flags & ts.TypeFlags.BooleanLike && !type.isUnion()) {
      return { kind: "literal", value: checker.typeToString(type) === "true" };
    }
    if (type.isStringLiteral() || type.isNumberLiteral()) return { kind: "literal", value: type.value };
    if (type.flags & ts.TypeFlags.Undefined) return { kind: "literal", value: undefined };
    if (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.TemplateLiteral)) return { kind: "string" };
    if (type.flags & ts.TypeFlags.NumberLike) return { kind: "number" };
    if (type.isUnion()) return { kind: "union", members: type.types.map((member) => shapeOf(member, name)) };
    if (checker.isArrayType(type))
      return { kind: "list", item: shapeOf(checker.getTypeArguments(type as ts.TypeReference)[0]!, name) };
    if (type.getCallSignatures().length > 0 || type.symbol?.name === "AbortSignal") return { kind: "circumstance" };
    const index = type.getStringIndexType();
    if (index) return { kind: "record", value: shapeOf(index, name) };
    const title = type.symbol && type.symbol.name !== "__type" ? type.symbol.name : name;
    return {
      kind: "object",
      properties: type.getProperties().map((property): Property => {
        const of = checker.getTypeOfSymbol(property);
        return {
          name: `${title}.${property.name}`,
          key: property.name,
          optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
          shape: shapeOf(of, `${title}.${property.name}`),
        };
      }),
    };
  }
}
