-- An endpoint that is disabled holds no events: neither its cursor nor its lanes nor its replay.
create or replace view event_hold (broker, position, holder) as
	select broker, position, 'endpoint ' || endpoint from endpoint where state = 'active'
	union all
	select broker, position, 'consumer ' || consumer from consumer c
	where exists (select from api_token t
		      where t.broker = c.broker and t.consumer = c.consumer and t.revoked_at is null)
	union all
	select l.broker, min(l.position) - 1, 'lanes of endpoint ' || l.endpoint
	from lane_block l
	join endpoint p on p.broker = l.broker and p.endpoint = l.endpoint and p.state = 'active'
	group by l.broker, l.endpoint
	union all
	select j.broker, j.position, 'replay ' || j.replay_id || ' to endpoint ' || j.endpoint
	from replay_job j
	join endpoint p on p.broker = j.broker and p.endpoint = j.endpoint and p.state = 'active'
	where j.done_at is null and j.cancelled_at is null;
