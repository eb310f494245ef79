-- Letters about the broker's mandate are shown whichever place their code stands in: the Transfer's ArtID or, alone, the
-- Kategorie of the shipment, which makes them wait as well (business_class_of, model/business_case.h). A detail that nobody
-- knows counts as its case, and 130017001 (a contract comes to the broker) is one of them.
create function is_mandate_code(code text) returns boolean language sql immutable parallel safe as $$
	select code ~ '^((110014|130100)[0-9]{3}|13001700[126])$'
$$;

drop index document_mandate;
create index document_mandate on document (broker, connection, received_at)
	where is_mandate_code(business_case) or is_mandate_code(facts #>> '{shipment,category}');
