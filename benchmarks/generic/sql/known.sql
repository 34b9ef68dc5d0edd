SELECT id FROM entity WHERE id = :id
UNION ALL SELECT id FROM activity WHERE id = :id
UNION ALL SELECT id FROM agent WHERE id = :id
LIMIT :_limit
