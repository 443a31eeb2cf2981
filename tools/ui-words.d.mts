export function findLooseWords(file: string, source: string): readonly string[];
export function findLooseWordsOfUi(): readonly string[];
