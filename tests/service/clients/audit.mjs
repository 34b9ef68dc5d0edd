// Runs the audits of GraphQL over HTTP against the address it is given; one line of JSON an audit.
import { serverAudits } from 'graphql-http';

const [url] = process.argv.slice(2);
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const { status, name, reason } = await audit.fn();
  console.log(JSON.stringify({ status, name, reason: reason ?? null }));
}
