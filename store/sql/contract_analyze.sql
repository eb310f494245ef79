-- Tell the planner about a stock that was just imported, before autovacuum comes by: the matcher asks it at once.
analyze contract, contract_name
