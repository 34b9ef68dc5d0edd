// Notes whether any text has a sign from U+D7FF up: where none has, texts need no keys to be in order.

// :identity
MATCH (b:Begat {one: true}) SET b.id = coalesce(b.id, randomUUID())

// :wide
MATCH (b:Begat {one: true})
SET b.wide = EXISTS {
  MATCH (n)
  WHERE any(k IN keys(n) WHERE
    CASE WHEN n[k] IS :: STRING THEN NOT n[k] =~ '(?s)[\u0000-\uD7FE]*+'
      WHEN n[k] IS :: LIST<STRING NOT NULL> THEN any(x IN n[k] WHERE NOT x =~ '(?s)[\u0000-\uD7FE]*+')
      ELSE false END)
  RETURN 1
} OR EXISTS {
  MATCH ()-[r]->()
  WHERE any(k IN keys(r) WHERE CASE WHEN r[k] IS :: STRING THEN NOT r[k] =~ '(?s)[\u0000-\uD7FE]*+' ELSE false END)
  RETURN 1
}
