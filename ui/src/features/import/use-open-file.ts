import { useNavigate } from '@tanstack/react-router';
import { importFile, refuseFiles } from '../../tracefile/imported-file.ts';

/** Opens dropped or chosen files: shows the file's page while it is read, and a lone trace at once. */
export function useOpenFile(): (files: Iterable<File>) => void {
  const navigate = useNavigate();
  return (given) => {
    const files = [...given];
    if (files.length === 0) return;
    void navigate({ to: '/import' });
    if (files.length > 1) {
      refuseFiles(files.length);
      return;
    }
    void importFile(files[0]).then((state) => {
      if (state.kind !== 'open' || state.summary.traces.length !== 1) return;
      const [{ traceId }] = state.summary.traces;
      void navigate({ to: '/import/$traceId', params: { traceId }, replace: true });
    });
  };
}
