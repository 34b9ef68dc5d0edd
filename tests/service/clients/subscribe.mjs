// Subscribes with graphql-ws to the address it is given; a line of JSON for each result, and one for the end.
import { createClient } from 'graphql-ws';

const [url, query, variables, token] = process.argv.slice(2);
const client = createClient({
  url,
  connectionParams: token ? { Authorization: `Bearer ${token}` } : undefined,
  retryAttempts: 0,
});
const say = (line) => console.log(JSON.stringify(line));
client.subscribe(
  { query, variables: JSON.parse(variables) },
  {
    next: (result) => say(result),
    error: (wrong) => say({ wrong: wrong.code ? { code: wrong.code, reason: wrong.reason } : wrong }),
    complete: () => say({ complete: true }),
  },
);
