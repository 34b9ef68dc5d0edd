-- The trainings on data that has all these features, each named by label or id.
SELECT a.id, a.label AS name FROM (
    SELECT DISTINCT u.activity, w.value AS feature
    FROM json_each(:features) w
    CROSS JOIN entity f ON f.nid IN (
        SELECT nid FROM entity WHERE label = w.value AND type = 'Feature'
        UNION ALL SELECT nid FROM entity WHERE id = w.value AND type = 'Feature'
    )
    CROSS JOIN entity x ON x.label = 'hasFeature' AND x.value = f.id
    CROSS JOIN had_member h ON h.member = x.nid
    CROSS JOIN entity d ON d.nid = h.collection AND d.type IN ('Dataset', 'LearningDataset')
    CROSS JOIN used u ON u.entity = d.nid
) found
CROSS JOIN activity a ON a.nid = found.activity AND a.type = 'Training'
GROUP BY a.nid
HAVING count(*) = :asked
ORDER BY a.id
LIMIT :_limit
