-- The versions that observations were ever said to be.
SELECT o.id, v.id FROM json_each(:ids) j CROSS JOIN ident o ON o.id = j.value CROSS JOIN alias a ON a.obs = o.nid
CROSS JOIN ident v ON v.nid = a.version
