/**
 * Who is called by a client or producer span whose other side sends no spans: OpenTelemetry's semantic conventions
 * for databases, messaging and network attributes, of today and of before 2025.
 */
const attribute = (key: string): string => `attributes_string['${key}']`;
const firstOf = (...values: readonly string[]): string =>
  `coalesce(${values.map((value) => `nullIf(${value}, '')`).join(', ')}, '')`;

const DATABASE = firstOf('db_system_name', attribute('db.system.name'), attribute('db.system'));
const DATABASE_NAME = firstOf(attribute('db.namespace'), attribute('db.name'));
const MESSAGING = attribute('messaging.system');
const DESTINATION = firstOf(
  'messaging_destination_name',
  attribute('messaging.destination.name'),
  attribute('messaging.destination'),
);
const ADDRESS = firstOf('server_address', attribute('server.address'), attribute('net.peer.name'));
const PEER_SERVICE = firstOf(attribute('service.peer.name'), attribute('peer.service'));

/** Tuple of the kind and the name of a DependencyNode; empty texts where the span tells nothing. */
export const CALLED_PEER_SQL =
  `multiIf(${DATABASE} != '', ('database', ${firstOf(PEER_SERVICE, `trimBoth(concat(${DATABASE}, ' ', ${firstOf(DATABASE_NAME, ADDRESS)}))`)}), ` +
  `${MESSAGING} != '', ('messaging', trimBoth(concat(${MESSAGING}, ' ', ${DESTINATION}))), ` +
  `${PEER_SERVICE} != '', ('external', ${PEER_SERVICE}), ${ADDRESS} != '', ('external', ${ADDRESS}), ('', ''))`;

/** The same of a consumer's span: what it takes messages from. */
export const DELIVERING_PEER_SQL = `if(${MESSAGING} != '', ('messaging', trimBoth(concat(${MESSAGING}, ' ', ${DESTINATION}))), ('', ''))`;
