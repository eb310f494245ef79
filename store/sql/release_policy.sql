-- What the releaser goes by: the broker's rules, his hold-backs, the secret of the collapse keys, and what day it is for
-- a customer. heard_ms: all events that were committed and happened before have a position.
-- $1 broker
--   -> rules jsonb [{id, category, issuer, customer, verb, hold_s}], holds jsonb {tier: seconds}, secret text or null,
--      day text ISO date, now_ms int8, heard_ms int8
with unheard as (
	select occurred_at from event where broker = $1 and position is null order by occurred_at limit 1
)
select (select coalesce(jsonb_agg(jsonb_build_object('id', rule_id, 'category', category, 'issuer', issuer,
                                                     'customer', customer_id, 'verb', verb, 'hold_s', hold_s)
                                  order by rule_id), '[]')
        from release_rule where broker = $1) as rules,
       (select coalesce(jsonb_object_agg(tier, hold_s), '{}') from release_hold where broker = $1) as holds,
       (select secret from release_secret where broker = $1) as secret,
       to_char(statement_timestamp() at time zone 'Europe/Berlin', 'YYYY-MM-DD') as day,
       (extract(epoch from statement_timestamp()) * 1000)::int8 as now_ms,
       (extract(epoch from least(statement_timestamp(), (select occurred_at from unheard))) * 1000)::int8 as heard_ms
