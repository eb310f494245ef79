-- What the file is called where it came from; null: nobody said.
alter table stock_job add column file_name text;
