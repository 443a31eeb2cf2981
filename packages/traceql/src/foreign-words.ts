/** What people write who know other query languages and formats, and what it is called here. */

/** Operators as words. */
export const OPERATOR_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    and: 'Use &&.',
    or: 'Use ||.',
    not: 'Use ! before a condition, or != and !~.',
    is: 'Use =, or != nil for "exists".',
    eq: 'Use =.',
    equals: 'Use =.',
    ne: 'Use !=.',
    gt: 'Use >.',
    lt: 'Use <.',
    ge: 'Use >=.',
    le: 'Use <=.',
    gte: 'Use >=.',
    lte: 'Use <=.',
    like: 'Use a regular expression: =~ ".*text.*".',
    ilike: 'Use a regular expression: =~ "(?i).*text.*".',
    rlike: 'Use =~.',
    regexp: 'Use =~.',
    contains: 'Use a regular expression: =~ ".*text.*".',
    startswith: 'Use a regular expression: =~ "text.*".',
    endswith: 'Use a regular expression: =~ ".*text".',
    matches: 'Use =~.',
    in: 'Use a regular expression: =~ "a|b|c".',
    between: 'Use two comparisons with &&.',
    exists: 'Use != nil.',
    mod: 'Use %.',
    xor: 'Use != between conditions in parentheses.',
  }),
);

/** Operators between filters as words. */
export const STRUCTURE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    child: 'Use >: { parent } > { child }.',
    descendant: 'Use >>: { ancestor } >> { descendant }.',
    parent: 'Use <: { child } < { parent }.',
    ancestor: 'Use <<: { descendant } << { ancestor }.',
    sibling: 'Use ~.',
    calls: 'Use > for a child and >> for a descendant.',
    follows: 'Use > for a child and >> for a descendant.',
    union: 'Use || between filters.',
    intersect: 'Use && between filters, or && inside the braces.',
    minus: 'Use && and ! inside the braces, or !>> between filters.',
    except: 'Use && and ! inside the braces, or !>> between filters.',
  }),
);

/** Symbols of other languages, to what is meant inside braces. */
export const OPERATOR_TYPOS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '==': 'Use a single =.',
    '===': 'Use a single =.',
    '!==': 'Use !=.',
    '=>': 'Use >=.',
    '=<': 'Use <=.',
    '<>': 'Use !=.',
    '&&&': 'Use &&.',
    '|||': 'Use ||.',
    '>==': 'Use >=.',
    '<==': 'Use <=.',
    '~=': 'Use =~.',
    '~~': 'Use =~.',
    '!>': 'Use <=.',
    '!<': 'Use >=.',
    '>>': 'Use >; >> stands between filters.',
    '<<': 'Use <; << stands between filters.',
    '**': 'Use ^.',
    '&': 'Use &&.',
    '~': 'Use =~.',
    '!': 'Use != for "differs".',
  }),
);

/** Functions of other languages inside braces. */
export const FUNCTION_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    exists: 'Write field != nil.',
    has: 'Write field != nil.',
    isnull: 'Write field = nil.',
    isnotnull: 'Write field != nil.',
    contains: 'Write field =~ ".*text.*".',
    like: 'Write field =~ ".*text.*".',
    startswith: 'Write field =~ "text.*".',
    endswith: 'Write field =~ ".*text".',
    matches: 'Write field =~ "pattern".',
    regex: 'Write field =~ "pattern".',
    lower: 'Write field =~ "(?i)text" to ignore the case.',
    upper: 'Write field =~ "(?i)text" to ignore the case.',
    not: 'Write !( … ).',
    in: 'Write field =~ "a|b|c".',
    abs: 'Compare with both signs: .a > 5 || .a < -5.',
    now: 'The time range is not part of the query.',
  }),
);

/** Words that stand where a field belongs: lower case, without separators. */
const FIELDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    traceid: 'trace:id',
    spanid: 'span:id',
    parentid: 'span:parentID',
    parentspanid: 'span:parentID',
    spanparentid: 'span:parentID',
    service: 'resource.service.name',
    servicename: 'resource.service.name',
    svc: 'resource.service.name',
    operation: 'name',
    operationname: 'name',
    spanname: 'name',
    spankind: 'kind',
    spanstatus: 'status',
    spanduration: 'duration',
    latency: 'duration',
    elapsed: 'duration',
    childcount: 'span:childCount',
    statusdescription: 'statusMessage',
    description: 'statusMessage',
    rootservice: 'rootServiceName',
    rootspanname: 'rootName',
    rootoperation: 'rootName',
    eventname: 'event:name',
    linktraceid: 'link:traceID',
    linkspanid: 'link:spanID',
    scopename: 'instrumentation:name',
    scopeversion: 'instrumentation:version',
    otelscopename: 'instrumentation:name',
    libraryname: 'instrumentation:name',
    iserror: 'status = error',
    haserror: 'status = error',
    isroot: 'nestedSetParent < 0',
    root: 'nestedSetParent < 0',
    env: 'resource.deployment.environment.name',
    environment: 'resource.deployment.environment.name',
    host: 'resource.host.name',
    hostname: 'resource.host.name',
    pod: 'resource.k8s.pod.name',
    namespace: 'resource.k8s.namespace.name',
    cluster: 'resource.k8s.cluster.name',
    method: 'span.http.request.method',
    httpmethod: 'span.http.request.method',
    httpstatus: 'span.http.response.status_code',
    httpstatuscode: 'span.http.response.status_code',
    statuscode: 'status for success and failure, span.http.response.status_code for HTTP',
    route: 'span.http.route',
    url: 'span.url.full',
    message: 'statusMessage, or event.exception.message',
    exception: 'event.exception.message',
    errortype: 'span.error.type',
  }),
);

/** The field that a word of another language or format means here. */
export function fieldMeant(word: string): string | undefined {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '');
  return FIELDS.get(plain);
}

/** Words for times, which are no part of a query. */
export const TIME_WORD = /^(?:timestamp|time|start|end|start_?time(?:_?unix_?nano)?|end_?time(?:_?unix_?nano)?)$/i;

/** Words that begin a stage in other languages. */
export const STAGE_WORDS_ELSEWHERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    from: 'There is one set of spans; write { condition }.',
    where: 'Conditions stand in braces: { condition }.',
    filter: 'Conditions stand in braces: | { condition }.',
    search: 'Conditions stand in braces: | { condition }.',
    having: 'Compare an aggregate: | count() > 2.',
    group: 'Write | by(resource.service.name).',
    group_by: 'Write | by(resource.service.name).',
    groupby: 'Write | by(resource.service.name).',
    order: 'Results are always newest first.',
    sort: 'Results are always newest first.',
    limit: 'The number of traces is not part of the query; for series write | topk(5).',
    head: 'The number of traces is not part of the query; for series write | topk(5).',
    take: 'The number of traces is not part of the query; for series write | topk(5).',
    top: 'Write | topk(5) after a metrics function.',
    bottom: 'Write | bottomk(5) after a metrics function.',
    distinct: 'Write | by(field).',
    mean: 'Write | avg(duration) > 1s, or | avg_over_time(duration).',
    average: 'Write | avg(duration) > 1s, or | avg_over_time(duration).',
    median: 'Write | quantile_over_time(duration, .5).',
    percentile: 'Write | quantile_over_time(duration, .99).',
    percentiles: 'Write | quantile_over_time(duration, .5, .99).',
    quantile: 'Write | quantile_over_time(duration, .99).',
    quantiles: 'Write | quantile_over_time(duration, .5, .99).',
    histogram: 'Write | histogram_over_time(duration).',
    histogram_quantile: 'Write | quantile_over_time(duration, .99).',
    increase: 'Write | count_over_time().',
    irate: 'Write | rate().',
    delta: 'Write | count_over_time().',
    length: 'Write | count() > 2.',
    stats: 'Write | rate() by(field), or | count() > 2.',
    summarize: 'Write | rate() by(field), or | count() > 2.',
    project: 'Write | select(span.http.route).',
    fields: 'Write | select(span.http.route).',
  }),
);
