-- Deleting old entries of the audit logs locks their rows first, so that two triggers do not wait for each other; to lock a row
-- takes a right to update it. No entry is ever changed.
grant update (at) on sqe.audit_log to sqe_definer;
