-- What has finished is most of the table in time: it is in no index of statuses, and what is owned has one of its own, which is small.

DROP INDEX workflow_by_status;

CREATE INDEX workflow_by_status ON workflow (status)
    WHERE status NOT IN ('EXECUTING', 'FINISHED');

CREATE INDEX workflow_owned ON workflow (executor_id)
    WHERE executor_id IS NOT NULL;
