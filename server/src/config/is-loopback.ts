/** Whether only this machine can reach a socket bound to the host; an IPv6 address may stand in brackets, as in URLs. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
