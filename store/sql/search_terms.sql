-- How what somebody typed is looked for (0041_search_words.sql).
-- $1 text, typed   $2 text, the day that it names; null: none
--   -> patterns text[] of LIKE, for what is said of a document; words text, a tsquery for what stands in it, or null
select patterns, words from search_terms($1, $2)
