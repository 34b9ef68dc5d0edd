// Asks an endpoint through Comunica, which plans the query itself; a line of JSON for each solution.
import { QueryEngine } from '@comunica/query-sparql';

const [url, query] = process.argv.slice(2);
const found = await new QueryEngine().queryBindings(query, { sources: [{ type: 'sparql', value: url }] });
for (const row of await found.toArray()) {
  console.log(JSON.stringify(Object.fromEntries([...row].map(([name, term]) => [name.value, term.value]))));
}
