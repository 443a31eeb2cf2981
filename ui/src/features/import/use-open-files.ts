import { useNavigate } from '@tanstack/react-router';
import { importFiles } from '../../tracefile/imported-files.ts';

/** Opens dropped or chosen files: shows their page while they are read, and a lone trace at once. */
export function useOpenFiles(): (files: Iterable<File>) => void {
  const navigate = useNavigate();
  return (given) => {
    const files = [...given];
    if (files.length === 0) return;
    void navigate({ to: '/import' });
    void importFiles(files).then((state) => {
      if (state.kind !== 'open') return;
      const { traces, failed } = state.summary;
      if (traces.length !== 1 || failed.length > 0) return;
      const [{ traceId }] = traces;
      void navigate({ to: '/import/$traceId', params: { traceId }, replace: true });
    });
  };
}
