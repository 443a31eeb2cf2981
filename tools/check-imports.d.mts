export function checkImports(root: string, table?: [string, string[], string[]][]): string[];
export function findRings(graph: Map<string, string[]>): string[][];
