/**
 * The C library's allocator of this process, where buffers live. By default it keeps most of what has been freed: an
 * arena for each thread, and a threshold for giving large blocks back that rises to 32 MiB as they come and go.
 * See docs/internals/memory.md.
 */
/** Of glibc's malloc.h. */
const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;
const M_ARENA_MAX = -8;

/** Blocks from this size on are mapped one by one, and given back the moment they are freed. */
const MAPPED_BLOCK_BYTES = 4 * 1024 * 1024;
/** Free memory at an arena's end beyond this is given back at once. */
const KEPT_AT_END_BYTES = 16 * 1024 * 1024;
const MAX_ARENAS = 4;

export interface CAllocator {
  /** Gives free pages back to the system, on a thread of libuv's pool. @returns false where it cannot be asked to. */
  trim(): Promise<boolean>;
}

/** Bounds what is kept, for the whole process with all its threads. Elsewhere than on glibc nothing happens. */
export async function tuneCAllocator(): Promise<CAllocator> {
  const library = await tryLoadGlibc();
  if (library === undefined) return { trim: () => Promise.resolve(false) };
  const setOption = library.func('int mallopt(int option, int value)');
  const trim = library.func('int malloc_trim(size_t kept)');
  setOption(M_ARENA_MAX, MAX_ARENAS);
  setOption(M_MMAP_THRESHOLD, MAPPED_BLOCK_BYTES);
  setOption(M_TRIM_THRESHOLD, KEPT_AT_END_BYTES);
  return {
    trim: () =>
      new Promise((resolve) => {
        trim.async(0, (error: unknown, gaveBack: number) => resolve(error === null && gaveBack === 1));
      }),
  };
}

type Koffi = typeof import('koffi');
type Library = ReturnType<Koffi['load']>;

/** Clew works without: before a ClickHouse server nothing else needs koffi, nor that it exists for the platform. */
async function tryLoadGlibc(): Promise<Library | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const koffi = (await import('koffi')).default;
    const library = koffi.load('libc.so.6');
    // Another C library may go by this name.
    library.func('const char* gnu_get_libc_version()');
    return library;
  } catch {
    return undefined;
  }
}
