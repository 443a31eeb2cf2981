import type { StatusAnswer } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { statusQuery } from '../../client/status-query.ts';
import { text } from '../../text/catalogue.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { readSettings, storeSettings } from '../../widgets/stored-settings.ts';
import { Tabs } from '../../widgets/tabs.tsx';
import { useTitle } from '../../widgets/use-title.ts';
import { FirstSpan } from './first-span.tsx';
import { isLoopback, reachableEndpoints } from './reachable-endpoints.ts';
import { SampleButton } from './sample-button.tsx';
import { buildSnippets, LANGUAGES, type Language, PLATFORMS } from './snippets.ts';
import { StorageLine } from './storage-line.tsx';
import './setup.css';

/** How to send spans here, and a line that waits for the first. */
export function SetupPage() {
  useTitle(text.setup.page);
  const status = useQuery(statusQuery);
  return (
    <div className="setup">
      <h1>{text.setup.heading}</h1>
      <p className="setup-lead">{text.setup.lead}</p>
      {status.data === undefined && status.error !== null && (
        <ProblemMessage error={status.error} onRetry={() => void status.refetch()} />
      )}
      {status.data !== undefined && (
        <>
          <FirstSpan status={status.data} />
          <Endpoints endpoints={status.data.endpoints} />
          {status.data.storage !== undefined && <StorageLine storage={status.data.storage} />}
          <Snippets endpoints={status.data.endpoints} />
        </>
      )}
      <NothingAtHand endpoint={status.data?.endpoints.otlpGrpc ?? ''} />
    </div>
  );
}

function Endpoints({ endpoints }: { readonly endpoints: StatusAnswer['endpoints'] }) {
  const { http, grpc } = reachableEndpoints(endpoints, location.hostname);
  return (
    <section aria-label={text.setup.endpoints}>
      <dl className="endpoints">
        <Endpoint label={text.setup.otlpHttp} value={http} />
        <Endpoint label={text.setup.otlpGrpc} value={grpc} />
      </dl>
    </section>
  );
}

function Snippets({ endpoints }: { readonly endpoints: StatusAnswer['endpoints'] }) {
  const [language, setLanguage] = useState<Language>(() => {
    const stored = readSettings().language;
    return LANGUAGES.find((known) => known === stored) ?? 'node';
  });
  const choose = (next: Language): void => {
    setLanguage(next);
    storeSettings({ language: next });
  };
  const isLocal = isLoopback(reachableEndpoints(endpoints, location.hostname).http);
  return (
    <section>
      <Tabs<Language>
        label={text.setup.languages}
        chosen={language}
        onChoose={choose}
        tabs={LANGUAGES.map((key) => ({ key, label: text.setup.languageNames[key] }))}
      >
        {PLATFORMS.has(language) && isLocal && <p className="setup-container">{text.setup.container}</p>}
        <ol className="snippets">
          {buildSnippets(language, endpoints, location.hostname).map((snippet) => {
            const label = snippet.file ?? text.setup.steps[snippet.step];
            return (
              <li key={label}>
                <div className="snippet-head">
                  <h2>{label}</h2>
                  <CopyButton value={snippet.code} label={text.setup.copySnippet(label)} caption={text.shell.copy} />
                </div>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard. */}
                <pre className="snippet" tabIndex={0}>
                  <code>{snippet.code}</code>
                </pre>
              </li>
            );
          })}
        </ol>
      </Tabs>
    </section>
  );
}

/** For those without an application at hand. */
function NothingAtHand({ endpoint }: { readonly endpoint: string }) {
  const command = text.setup.demoCommand(endpoint);
  return (
    <section className="setup-demo">
      <h2>{text.setup.demo}</h2>
      <SampleButton />
      <p>{text.setup.demoWhy}</p>
      <div className="snippet-line">
        <code>{command}</code>
        <CopyButton value={command} label={text.setup.copySnippet(command)} />
      </div>
      <p className="setup-links">
        <Link to="/import">{text.setup.importFile}</Link>
        <Link to="/explore">{text.setup.explore}</Link>
      </p>
    </section>
  );
}

function Endpoint({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="endpoint">
      <dt>{label}</dt>
      <dd>
        <code>{value}</code>
        <CopyButton value={value} label={text.setup.copySnippet(label)} />
      </dd>
    </div>
  );
}
