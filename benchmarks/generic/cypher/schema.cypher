CREATE CONSTRAINT prov_entity IF NOT EXISTS FOR (n:ProvEntity) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT prov_activity IF NOT EXISTS FOR (n:ProvActivity) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT prov_agent IF NOT EXISTS FOR (n:ProvAgent) REQUIRE n.id IS UNIQUE;
CREATE INDEX prov_label IF NOT EXISTS FOR (n:ProvEntity) ON (n.label, n.value);
CREATE INDEX prov_type IF NOT EXISTS FOR (n:ProvEntity) ON (n.type);
CREATE INDEX prov_activity_type IF NOT EXISTS FOR (n:ProvActivity) ON (n.type)
