import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { postTraces } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { useCommands } from '../../widgets/use-commands.ts';
import { buildSampleData, SAMPLE_TRACES } from './sample-data.ts';

const words = text.setup;

/** Sends some traces from the browser, the way every sender does: OTLP over HTTP, journal, store. */
export function SampleButton() {
  const [state, setState] = useState<'sending' | { readonly sent: number } | { readonly error: Error }>();
  const send = async (): Promise<void> => {
    setState('sending');
    const { body, spanCount } = buildSampleData(Date.now(), Math.random);
    try {
      await postTraces(body);
      setState({ sent: spanCount });
    } catch (error) {
      setState({ error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  useCommands([{ id: 'setup.sample', group: 'view', label: words.sample, run: () => void send() }]);
  return (
    <div className="sample">
      <p>{words.sampleWhy(SAMPLE_TRACES)}</p>
      <p className="sample-line">
        <button type="button" className="button" disabled={state === 'sending'} onClick={() => void send()}>
          {state === 'sending' ? words.sampleSending : words.sample}
        </button>
        <span role="status">
          {typeof state === 'object' && 'sent' in state && words.sampleSent(formatCount(state.sent))}
        </span>
        {typeof state === 'object' && 'sent' in state && (
          <Link to="/explore" search={{ q: SAMPLE_QUERY }}>
            {words.sampleShow}
          </Link>
        )}
      </p>
      {typeof state === 'object' && 'error' in state && (
        <ProblemMessage error={state.error} onRetry={() => void send()} />
      )}
    </div>
  );
}

const SAMPLE_QUERY = '{ resource.service.name = "sample-web" }';
