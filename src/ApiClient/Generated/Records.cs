// Generated from the OpenAPI description by: dotnet fsi build.fsx contract
#nullable enable
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GopherFlow.Client;

/// <summary>A line of a workflow's history. Type, name and text are in the format of the Go system; the other fields are those of the history entry. An entry may have several lines, all with the same id.</summary>
public sealed record Action
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"workflowId" in the JSON.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>"executorId" in the JSON.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>"executionCount" in the JSON.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>"retryCount" in the JSON.</summary>
    public required int RetryCount { get; init; }

    /// <summary>"type" in the JSON.</summary>
    public required string Type { get; init; }

    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"text" in the JSON.</summary>
    public required string Text { get; init; }

    /// <summary>"dateTime" in the JSON.</summary>
    public required DateTimeOffset DateTime { get; init; }

    /// <summary>"kind" in the JSON.</summary>
    public required string Kind { get; init; }

    /// <summary>"from" in the JSON.</summary>
    public required string? From { get; init; }

    /// <summary>"to" in the JSON.</summary>
    public required string To { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>"actor" in the JSON.</summary>
    public required string? Actor { get; init; }

    /// <summary>"due" in the JSON.</summary>
    public required DateTimeOffset? Due { get; init; }

    /// <summary>"durationSeconds" in the JSON.</summary>
    public required double? DurationSeconds { get; init; }

    /// <summary>"cause" in the JSON.</summary>
    public required string? Cause { get; init; }

    /// <summary>"error" in the JSON.</summary>
    public required AttemptError? Error { get; init; }
}

/// <summary>An API key of a user, without the key itself.</summary>
public sealed record ApiKey
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>The first characters of the key, to recognize it by; empty for a key that was taken from the settings.</summary>
    public required string Beginning { get; init; }

    /// <summary>The highest role that the key grants. A key never grants more than its owner's role.</summary>
    public required string Role { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it expires; null if it does not expire.</summary>
    public required DateTimeOffset? Expires { get; init; }

    /// <summary>When it was last used, accurate to the minute; null if never.</summary>
    public required DateTimeOffset? LastUsed { get; init; }

    /// <summary>When it was revoked; null if it was not.</summary>
    public required DateTimeOffset? Revoked { get; init; }
}

/// <summary>The error of a failed attempt.</summary>
public sealed record AttemptError
{
    /// <summary>"type" in the JSON.</summary>
    public required string Type { get; init; }

    /// <summary>"message" in the JSON.</summary>
    public required string Message { get; init; }

    /// <summary>"stack" in the JSON.</summary>
    public required string? Stack { get; init; }
}

/// <summary>An entry of the audit log: a change that was made or refused.</summary>
public sealed record AuditLogEntry
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"at" in the JSON.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who made the request, by the user name at that time.</summary>
    public required string Actor { get; init; }

    /// <summary>"userId" in the JSON.</summary>
    public required long? UserId { get; init; }

    /// <summary>The API key of the request; null if none was used.</summary>
    public required long? ApiKeyId { get; init; }

    /// <summary>The IP address of the client.</summary>
    public required string? Address { get; init; }

    /// <summary>The action, such as "workflow.cancel".</summary>
    public required string Action { get; init; }

    /// <summary>The kind of the target, such as "workflow"; empty if there is no target.</summary>
    public required string TargetKind { get; init; }

    /// <summary>The id or name of the target.</summary>
    public required string TargetId { get; init; }

    /// <summary>"outcome" in the JSON.</summary>
    public required string Outcome { get; init; }

    /// <summary>The previous values of what was changed.</summary>
    public required JsonElement Before { get; init; }

    /// <summary>The new values, or the reason for the refusal.</summary>
    public required JsonElement After { get; init; }

    /// <summary>The id of the request in the server's logs.</summary>
    public required string? RequestId { get; init; }
}

/// <summary>A page of the audit log, newest first.</summary>
public sealed record AuditLogPage
{
    /// <summary>"entries" in the JSON.</summary>
    public required IReadOnlyList<AuditLogEntry> Entries { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>A workflow that was cancelled.</summary>
public sealed record CancelledWorkflow
{
    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>The number of descendants (children, their children and so on) that were cancelled with it.</summary>
    public required int Descendants { get; init; }
}

/// <summary>Confirms that a change was made.</summary>
public sealed record Changed
{
    /// <summary>"ok" in the JSON.</summary>
    public required bool Ok { get; init; }
}

/// <summary>The state and status of a workflow after an operation.</summary>
public sealed record ChangedWorkflow
{
    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }
}

/// <summary>The result of checking a script.</summary>
public sealed record CheckedScript
{
    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>"diagnostics" in the JSON.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>"definition" in the JSON.</summary>
    public required Definition? Definition { get; init; }
}

/// <summary>A new API key.</summary>
public sealed record CreatedApiKey
{
    /// <summary>The key itself. It is returned only in this response.</summary>
    public required string Key { get; init; }

    /// <summary>"details" in the JSON.</summary>
    public required ApiKey Details { get; init; }
}

/// <summary>A workflow that was created or already existed.</summary>
public sealed record CreatedWorkflow
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>Whether a workflow with this external id already existed; it is not changed.</summary>
    public required bool Existed { get; init; }

    /// <summary>Reasons why it may not run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>The caller's session, if the caller is signed in.</summary>
public sealed record CurrentSession
{
    /// <summary>Null when the caller is not signed in.</summary>
    public required Session? Session { get; init; }
}

/// <summary>The version that is now current.</summary>
public sealed record CurrentVersion
{
    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>False if it was already current.</summary>
    public required bool Changed { get; init; }

    /// <summary>Whether new workflows already start on it in the process that sent this response. If not, the script is disabled, or the process could not load it yet and retries automatically.</summary>
    public required bool InEffect { get; init; }
}

/// <summary>A version of a definition.</summary>
public sealed record Definition
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>"description" in the JSON.</summary>
    public required string Description { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"updated" in the JSON.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>The diagram as Mermaid text.</summary>
    public required string FlowChart { get; init; }

    /// <summary>"initialState" in the JSON.</summary>
    public required string InitialState { get; init; }

    /// <summary>Whether the server that sent this response can run it.</summary>
    public required bool Registered { get; init; }

    /// <summary>"retry" in the JSON.</summary>
    public required Retry Retry { get; init; }

    /// <summary>"states" in the JSON.</summary>
    public required IReadOnlyList<State> States { get; init; }

    /// <summary>How many of its workflows may run at once, or how many of their steps may start within a time span; empty if there is no limit.</summary>
    public required IReadOnlyList<Limit> Limits { get; init; }
}

/// <summary>The data of the event "definition": the versions of a definition that this server can run have changed.</summary>
public sealed record DefinitionEvent
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>The version on which new workflows start; null when none can start.</summary>
    public required string? Version { get; init; }
}

/// <summary>A version in the list of a definition's versions.</summary>
public sealed record DefinitionVersion
{
    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"updated" in the JSON.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>The number of unfinished workflows on this version.</summary>
    public required long Unfinished { get; init; }

    /// <summary>Whether the server that sent this response can run it.</summary>
    public required bool Registered { get; init; }

    /// <summary>Whether new workflows start on it.</summary>
    public required bool Current { get; init; }
}

/// <summary>An error, warning or note about a script, with its position.</summary>
public sealed record Diagnostic
{
    /// <summary>"file" in the JSON.</summary>
    public required string File { get; init; }

    /// <summary>"line" in the JSON.</summary>
    public required int Line { get; init; }

    /// <summary>"column" in the JSON.</summary>
    public required int Column { get; init; }

    /// <summary>"endLine" in the JSON.</summary>
    public required int EndLine { get; init; }

    /// <summary>"endColumn" in the JSON.</summary>
    public required int EndColumn { get; init; }

    /// <summary>"severity" in the JSON.</summary>
    public required string Severity { get; init; }

    /// <summary>"code" in the JSON.</summary>
    public required string Code { get; init; }

    /// <summary>"text" in the JSON.</summary>
    public required string Text { get; init; }
}

/// <summary>A line of a comparison.</summary>
public sealed record DifferenceLine
{
    /// <summary>"kind" in the JSON.</summary>
    public required string Kind { get; init; }

    /// <summary>"oldLine" in the JSON.</summary>
    public required int? OldLine { get; init; }

    /// <summary>"newLine" in the JSON.</summary>
    public required int? NewLine { get; init; }

    /// <summary>"text" in the JSON.</summary>
    public required string Text { get; init; }
}

/// <summary>The comparison of two versions, file by file: the script first, then the loaded files that differ.</summary>
public sealed record Differences
{
    /// <summary>"from" in the JSON.</summary>
    public required string From { get; init; }

    /// <summary>"to" in the JSON.</summary>
    public required string To { get; init; }

    /// <summary>"files" in the JSON.</summary>
    public required IReadOnlyList<FileDifference> Files { get; init; }
}

/// <summary>The number of workflows of one type that ended with one status within a minute.</summary>
public sealed record EndedInMinute
{
    /// <summary>The start of the minute.</summary>
    public required DateTimeOffset Minute { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>"count" in the JSON.</summary>
    public required long Count { get; init; }
}

/// <summary>The number of sessions that were ended.</summary>
public sealed record EndedSessions
{
    /// <summary>"ended" in the JSON.</summary>
    public required int Ended { get; init; }
}

/// <summary>An executor: a process that runs workflows. Each start of a process registers a new executor.</summary>
public sealed record Executor
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>The version of its application; empty if unknown.</summary>
    public required string Version { get; init; }

    /// <summary>"started" in the JSON.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When its last heartbeat arrived.</summary>
    public required DateTimeOffset LastActive { get; init; }

    /// <summary>When it stopped or was declared dead; null while it runs.</summary>
    public required DateTimeOffset? Ended { get; init; }

    /// <summary>"groups" in the JSON.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The number of workflows that it can run at once.</summary>
    public required int Capacity { get; init; }

    /// <summary>"alive" in the JSON.</summary>
    public required bool Alive { get; init; }

    /// <summary>The seconds until its lease expires; negative if it has expired.</summary>
    public required double LeaseSeconds { get; init; }
}

/// <summary>The workflows that an executor is running now.</summary>
public sealed record ExecutorWork
{
    /// <summary>The number of workflows that it has claimed.</summary>
    public required int Claimed { get; init; }

    /// <summary>The first of the claimed workflows.</summary>
    public required IReadOnlyList<Workflow> Workflows { get; init; }
}

/// <summary>A user's identity at an OpenID Connect provider.</summary>
public sealed record ExternalAccount
{
    /// <summary>"issuer" in the JSON.</summary>
    public required string Issuer { get; init; }

    /// <summary>"subject" in the JSON.</summary>
    public required string Subject { get; init; }
}

/// <summary>A validation error of one field of a request.</summary>
public sealed record Fault
{
    /// <summary>The path of the field, such as "createWorkflowRequest.businessKey".</summary>
    public required string Field { get; init; }

    /// <summary>The value that was received, shortened; null if the field was missing.</summary>
    public required string? Received { get; init; }

    /// <summary>What the server expects instead.</summary>
    public required string Expected { get; init; }

    /// <summary>The error as a sentence.</summary>
    public required string Detail { get; init; }
}

/// <summary>The comparison of one file in two versions, line by line.</summary>
public sealed record FileDifference
{
    /// <summary>"file" in the JSON.</summary>
    public required string File { get; init; }

    /// <summary>"lines" in the JSON.</summary>
    public required IReadOnlyList<DifferenceLine> Lines { get; init; }
}

/// <summary>The data of the event "hello", the first event of a stream.</summary>
public sealed record Hello
{
    /// <summary>The version of the server.</summary>
    public required string Version { get; init; }
}

/// <summary>An entry of a workflow's history: something that happened to it.</summary>
public sealed record HistoryEntry
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"at" in the JSON.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The kind of the event, such as "ATTEMPT_FAILED".</summary>
    public required string Kind { get; init; }

    /// <summary>"from" in the JSON.</summary>
    public required string? From { get; init; }

    /// <summary>"to" in the JSON.</summary>
    public required string To { get; init; }

    /// <summary>The status of the workflow after this entry.</summary>
    public required string Status { get; init; }

    /// <summary>The number of transitions that the workflow had made before this entry.</summary>
    public required int Step { get; init; }

    /// <summary>"executionCount" in the JSON.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>"retryCount" in the JSON.</summary>
    public required int RetryCount { get; init; }

    /// <summary>"executorId" in the JSON.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>Who caused it: a user name, "job:7", "workflow:5" and so on; null for the engine itself.</summary>
    public required string? Actor { get; init; }

    /// <summary>When the workflow is due next, as of this entry.</summary>
    public required DateTimeOffset? Due { get; init; }

    /// <summary>How long the state function ran.</summary>
    public required double? DurationSeconds { get; init; }

    /// <summary>What triggered it, such as "signal:paid", "workflow:17" (a child) or "executor:3" (one that died).</summary>
    public required string? Cause { get; init; }

    /// <summary>The text that the state function logged.</summary>
    public required string? Text { get; init; }

    /// <summary>"error" in the JSON.</summary>
    public required AttemptError? Error { get; init; }

    /// <summary>Further data that only some kinds of entries have, as a JSON object.</summary>
    public required JsonElement Details { get; init; }

    /// <summary>The changes of variables; null if there are none.</summary>
    public required VariableTrace? Variables { get; init; }

    /// <summary>The entry as lines of text.</summary>
    public required IReadOnlyList<HistoryLine> Lines { get; init; }
}

/// <summary>A line of text of a history entry.</summary>
public sealed record HistoryLine
{
    /// <summary>"type" in the JSON.</summary>
    public required string Type { get; init; }

    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"text" in the JSON.</summary>
    public required string Text { get; init; }
}

/// <summary>A page of a workflow's history.</summary>
public sealed record HistoryPage
{
    /// <summary>"entries" in the JSON.</summary>
    public required IReadOnlyList<HistoryEntry> Entries { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>The result of importing one workflow that was started in another system; for a dry run, what the result would be.</summary>
public sealed record ImportedWorkflow
{
    /// <summary>"externalId" in the JSON.</summary>
    public required string ExternalId { get; init; }

    /// <summary>CREATED; EXISTED: it already existed and was not changed; or REFUSED.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it was refused; otherwise null.</summary>
    public required string? Reason { get; init; }
}

/// <summary>The results of an import, in the order of the request.</summary>
public sealed record ImportedWorkflows
{
    /// <summary>Whether this was a dry run, so nothing was stored.</summary>
    public required bool DryRun { get; init; }

    /// <summary>"workflows" in the JSON.</summary>
    public required IReadOnlyList<ImportedWorkflow> Workflows { get; init; }
}

/// <summary>A job: an operation that is applied to every workflow that matches a filter.</summary>
public sealed record Job
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>The operation to apply to each workflow; "kind" is its name.</summary>
    public required JsonElement Operation { get; init; }

    /// <summary>Whether everything but the kind was omitted from the operation, as lists do when it is large.</summary>
    public required bool OperationOmitted { get; init; }

    /// <summary>The filter that selects the workflows.</summary>
    public required JsonElement Filter { get; init; }

    /// <summary>Who started it.</summary>
    public required string Actor { get; init; }

    /// <summary>The reason that was given for it.</summary>
    public required string? Reason { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"started" in the JSON.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>"ended" in the JSON.</summary>
    public required DateTimeOffset? Ended { get; init; }

    /// <summary>When a person cancelled it; null if nobody did.</summary>
    public required DateTimeOffset? CancelRequested { get; init; }

    /// <summary>The number of matching workflows when the job began; null until they have been counted.</summary>
    public required long? Total { get; init; }

    /// <summary>The number of workflows that were changed.</summary>
    public required long Done { get; init; }

    /// <summary>The number of workflows that could not be changed.</summary>
    public required long Failed { get; init; }

    /// <summary>The number of workflows that no longer matched or no longer existed when the job reached them.</summary>
    public required long Skipped { get; init; }

    /// <summary>The number of descendants (children, their children and so on) that were cancelled with them.</summary>
    public required long Descendants { get; init; }

    /// <summary>The executor that is working on it or was the last to do so.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>Why the job failed; null if it did not.</summary>
    public required string? Error { get; init; }
}

/// <summary>A workflow that a job could not change.</summary>
public sealed record JobFailure
{
    /// <summary>"workflowId" in the JSON.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>"reason" in the JSON.</summary>
    public required string Reason { get; init; }
}

/// <summary>A page of the failures of a job, ordered by workflow id.</summary>
public sealed record JobFailurePage
{
    /// <summary>"failures" in the JSON.</summary>
    public required IReadOnlyList<JobFailure> Failures { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>The workflows that a job would change.</summary>
public sealed record JobForecast
{
    /// <summary>"total" in the JSON.</summary>
    public required long Total { get; init; }

    /// <summary>"counts" in the JSON.</summary>
    public required IReadOnlyList<JobForecastCount> Counts { get; init; }
}

/// <summary>The number of workflows of one type and status that a job would change.</summary>
public sealed record JobForecastCount
{
    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>"count" in the JSON.</summary>
    public required long Count { get; init; }
}

/// <summary>A page of jobs, newest first.</summary>
public sealed record JobPage
{
    /// <summary>"jobs" in the JSON.</summary>
    public required IReadOnlyList<Job> Jobs { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>Workflows that should have continued by now.</summary>
public sealed record Late
{
    /// <summary>Workflows that have been due for 30 seconds or longer without being claimed, in the order in which they became due. For a workflow with a deadline state, the deadline has passed.</summary>
    public required IReadOnlyList<Workflow> Overdue { get; init; }

    /// <summary>Whether there may be more overdue workflows than are listed.</summary>
    public required bool More { get; init; }

    /// <summary>Workflows that have been in a step for more than a minute and for more than twice the usual time.</summary>
    public required IReadOnlyList<LongRun> LongRuns { get; init; }
}

/// <summary>The number of workflows or steps that may run at once, or start within a time span, across all executors.</summary>
public sealed record Limit
{
    /// <summary>"count" in the JSON.</summary>
    public required int Count { get; init; }

    /// <summary>The time span of a rate limit; null for a limit on how many run at once.</summary>
    public required double? SpanSeconds { get; init; }

    /// <summary>Whether the limit applies to each limit key separately.</summary>
    public required bool PerKey { get; init; }
}

/// <summary>A workflow whose current step has been running much longer than usual.</summary>
public sealed record LongRun
{
    /// <summary>"workflow" in the JSON.</summary>
    public required Workflow Workflow { get; init; }

    /// <summary>When the step started.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The average running time of a visit to this state, in the last workflows of the type that finished.</summary>
    public required double UsualSeconds { get; init; }
}

/// <summary>Why a request failed, as problem details (RFC 9457). Some kinds have additional members.</summary>
public sealed record ProblemDetails
{
    /// <summary>The kind of the problem, such as "urn:gopherflow:problem:conflict".</summary>
    public required string Type { get; init; }

    /// <summary>"title" in the JSON.</summary>
    public required string Title { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required int Status { get; init; }

    /// <summary>"detail" in the JSON.</summary>
    public required string Detail { get; init; }

    /// <summary>The validation errors of the request, at most 20.</summary>
    public IReadOnlyList<Fault>? Errors { get; init; }

    /// <summary>The trace id of the request in the server's logs.</summary>
    public required string TraceId { get; init; }
}

/// <summary>The last source that was rejected.</summary>
public sealed record RefusedSource
{
    /// <summary>The version that it would have become.</summary>
    public required string Version { get; init; }

    /// <summary>"at" in the JSON.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>"diagnostics" in the JSON.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }
}

/// <summary>When a failed attempt is retried.</summary>
public sealed record Retry
{
    /// <summary>"kind" in the JSON.</summary>
    public required string Kind { get; init; }

    /// <summary>"maxRetries" in the JSON.</summary>
    public required int MaxRetries { get; init; }

    /// <summary>"minSeconds" in the JSON.</summary>
    public required double MinSeconds { get; init; }

    /// <summary>"maxSeconds" in the JSON.</summary>
    public required double MaxSeconds { get; init; }
}

/// <summary>A schedule: starts workflows at fixed times.</summary>
public sealed record Schedule
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>A cron expression of five fields, or of six with the seconds first; null if the schedule has an interval.</summary>
    public required string? Cron { get; init; }

    /// <summary>The interval, counted from 1970-01-01 UTC; null if the schedule has a cron expression.</summary>
    public required long? EverySeconds { get; init; }

    /// <summary>The IANA time zone of the cron expression.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The variables of each run.</summary>
    public required JsonElement StateVars { get; init; }

    /// <summary>Whether the variables were omitted, as lists do when they are large.</summary>
    public required bool StateVarsOmitted { get; init; }

    /// <summary>The business key of each run: {schedule} is replaced by the name of the schedule, {due} by the due time.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"priority" in the JSON.</summary>
    public required int Priority { get; init; }

    /// <summary>What happens when a run is due while an earlier one has not ended.</summary>
    public required string Overlap { get; init; }

    /// <summary>Which of the runs that were missed while no executor was running are made up for.</summary>
    public required string CatchUp { get; init; }

    /// <summary>With "all": the maximum number of missed runs to make up for.</summary>
    public required int CatchUpLimit { get; init; }

    /// <summary>"paused" in the JSON.</summary>
    public required bool Paused { get; init; }

    /// <summary>Whether it is declared in code, and so can be changed only there.</summary>
    public required bool Declared { get; init; }

    /// <summary>"createdBy" in the JSON.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"changedBy" in the JSON.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>"changed" in the JSON.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>The next due times, earliest first; empty while it is paused.</summary>
    public required IReadOnlyList<DateTimeOffset> NextDue { get; init; }

    /// <summary>"lastDue" in the JSON.</summary>
    public required DateTimeOffset? LastDue { get; init; }

    /// <summary>The run that was started last; null if there was none or it has been deleted.</summary>
    public required ScheduleRun? LastRun { get; init; }

    /// <summary>The number of runs that wait for an earlier run to end.</summary>
    public required int Queued { get; init; }

    /// <summary>The number of runs that were started, including those that a person started.</summary>
    public required long Started { get; init; }

    /// <summary>The number of runs that were skipped because an earlier one had not ended.</summary>
    public required long SkippedByOverlap { get; init; }

    /// <summary>The number of runs that were missed and not made up for.</summary>
    public required long SkippedByCatchUp { get; init; }

    /// <summary>"lastSkipped" in the JSON.</summary>
    public required SkippedRun? LastSkipped { get; init; }
}

/// <summary>A page of schedules, ordered by name.</summary>
public sealed record SchedulePage
{
    /// <summary>"schedules" in the JSON.</summary>
    public required IReadOnlyList<Schedule> Schedules { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>The times at which a schedule would be due.</summary>
public sealed record SchedulePreview
{
    /// <summary>"nextDue" in the JSON.</summary>
    public required IReadOnlyList<DateTimeOffset> NextDue { get; init; }
}

/// <summary>A workflow that a schedule has started.</summary>
public sealed record ScheduleRun
{
    /// <summary>"workflowId" in the JSON.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>It ends with the time at which the run was due, or with "manual" if a person started it.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"finished" in the JSON.</summary>
    public required DateTimeOffset? Finished { get; init; }
}

/// <summary>A page of the runs of a schedule, latest due time first.</summary>
public sealed record ScheduleRunPage
{
    /// <summary>"runs" in the JSON.</summary>
    public required IReadOnlyList<ScheduleRun> Runs { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>A script in the list.</summary>
public sealed record Script
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>Null until a version has been deployed.</summary>
    public required string? CurrentVersion { get; init; }

    /// <summary>"enabled" in the JSON.</summary>
    public required bool Enabled { get; init; }

    /// <summary>"updated" in the JSON.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>The number of its unfinished workflows, on any version.</summary>
    public required long Unfinished { get; init; }

    /// <summary>"refused" in the JSON.</summary>
    public required RefusedSource? Refused { get; init; }
}

/// <summary>A script with its current source and all its stored versions.</summary>
public sealed record ScriptDetails
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"currentVersion" in the JSON.</summary>
    public required string? CurrentVersion { get; init; }

    /// <summary>"enabled" in the JSON.</summary>
    public required bool Enabled { get; init; }

    /// <summary>"updated" in the JSON.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>"unfinished" in the JSON.</summary>
    public required long Unfinished { get; init; }

    /// <summary>"refused" in the JSON.</summary>
    public required RefusedSource? Refused { get; init; }

    /// <summary>The source of the current version.</summary>
    public required string? Source { get; init; }

    /// <summary>"loaded" in the JSON.</summary>
    public required IReadOnlyList<SourceFile> Loaded { get; init; }

    /// <summary>All stored versions, newest first.</summary>
    public required IReadOnlyList<ScriptVersion> Versions { get; init; }
}

/// <summary>One version of a script, with its source.</summary>
public sealed record ScriptSource
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>"source" in the JSON.</summary>
    public required string Source { get; init; }

    /// <summary>"loaded" in the JSON.</summary>
    public required IReadOnlyList<SourceFile> Loaded { get; init; }

    /// <summary>"origin" in the JSON.</summary>
    public required string Origin { get; init; }

    /// <summary>"author" in the JSON.</summary>
    public required string Author { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }
}

/// <summary>A version in the list of a script's versions.</summary>
public sealed record ScriptVersion
{
    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>"origin" in the JSON.</summary>
    public required string Origin { get; init; }

    /// <summary>"author" in the JSON.</summary>
    public required string Author { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"unfinished" in the JSON.</summary>
    public required long Unfinished { get; init; }

    /// <summary>Whether the server that sent this response can run it.</summary>
    public required bool Registered { get; init; }

    /// <summary>"current" in the JSON.</summary>
    public required bool Current { get; init; }
}

/// <summary>The workflows that received a signal.</summary>
public sealed record SentSignal
{
    /// <summary>"workflowIds" in the JSON.</summary>
    public required IReadOnlyList<long> WorkflowIds { get; init; }
}

/// <summary>The signed-in user.</summary>
public sealed record Session
{
    /// <summary>"username" in the JSON.</summary>
    public required string Username { get; init; }

    /// <summary>"role" in the JSON.</summary>
    public required string Role { get; init; }

    /// <summary>When the session or API key expires; null for an API key without an expiry.</summary>
    public required DateTimeOffset? Expires { get; init; }

    /// <summary>The id of the user.</summary>
    public required long UserId { get; init; }
}

/// <summary>A setting of the server that sent this response.</summary>
public sealed record Setting
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>The value; null when it is not set or is a secret.</summary>
    public required string? Value { get; init; }

    /// <summary>"isSet" in the JSON.</summary>
    public required bool IsSet { get; init; }

    /// <summary>The default that applies when it is not set; null if there is none or it is a secret.</summary>
    public required string? Default { get; init; }

    /// <summary>Where the value comes from: "environment", the name of a file, or the kind of configuration source.</summary>
    public required string? Source { get; init; }

    /// <summary>Null for a setting of the application itself.</summary>
    public required string? Description { get; init; }
}

/// <summary>The sign-in methods that this server offers.</summary>
public sealed record SignInMethods
{
    /// <summary>Whether users can sign in with a user name and a password (POST /api/session).</summary>
    public required bool Password { get; init; }

    /// <summary>Whether users can sign in through an OpenID Connect provider (GET /api/session/oidc).</summary>
    public required bool OpenIdConnect { get; init; }
}

/// <summary>A signal that was sent to a workflow and that no step has taken yet.</summary>
public sealed record Signal
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>The idempotency key: a repeated signal with the same key is ignored. Null if the sender gave none.</summary>
    public required string? Key { get; init; }

    /// <summary>"payload" in the JSON.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>Whether the payload was omitted, as lists do when it is large; payload is then null.</summary>
    public required bool PayloadOmitted { get; init; }

    /// <summary>"sent" in the JSON.</summary>
    public required DateTimeOffset Sent { get; init; }
}

/// <summary>A page of the signals that were sent to a workflow and not yet taken, oldest first.</summary>
public sealed record SignalPage
{
    /// <summary>"signals" in the JSON.</summary>
    public required IReadOnlyList<Signal> Signals { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>A due time at which no run was started.</summary>
public sealed record SkippedRun
{
    /// <summary>"due" in the JSON.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>"overlap": an earlier run had not ended. "catchUp": the run was missed and is not made up for.</summary>
    public required string Reason { get; init; }
}

/// <summary>A file that a script loads.</summary>
public sealed record SourceFile
{
    /// <summary>"file" in the JSON.</summary>
    public required string File { get; init; }

    /// <summary>"text" in the JSON.</summary>
    public required string Text { get; init; }
}

/// <summary>A state of a definition.</summary>
public sealed record State
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"type" in the JSON.</summary>
    public required string Type { get; init; }

    /// <summary>The states that may follow it.</summary>
    public required IReadOnlyList<string> GoesTo { get; init; }

    /// <summary>The state that undoes it when a workflow compensates; null if there is none.</summary>
    public required string? CompensatedBy { get; init; }

    /// <summary>The retry policy of this state; null when that of the definition applies.</summary>
    public required Retry? Retry { get; init; }

    /// <summary>The timeout of one attempt; null when the server's setting applies.</summary>
    public required double? TimeoutSeconds { get; init; }

    /// <summary>How many workflows may run it at once, or start it within a time span; empty if there is no limit.</summary>
    public required IReadOnlyList<Limit> Limits { get; init; }
}

/// <summary>What happens to the workflows in one state when they move to another version.</summary>
public sealed record StateMove
{
    /// <summary>"from" in the JSON.</summary>
    public required string From { get; init; }

    /// <summary>"to" in the JSON.</summary>
    public required string? To { get; init; }

    /// <summary>"workflows" in the JSON.</summary>
    public required long Workflows { get; init; }

    /// <summary>Why they cannot be moved; null if they can.</summary>
    public required string? Refusal { get; init; }
}

/// <summary>The visits of a workflow to one state.</summary>
public sealed record StateVisits
{
    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>How often the workflow entered the state.</summary>
    public required long Visits { get; init; }

    /// <summary>How often the state function ran.</summary>
    public required long Attempts { get; init; }

    /// <summary>"failedAttempts" in the JSON.</summary>
    public required long FailedAttempts { get; init; }

    /// <summary>How long the workflow was in the state, including waiting; 0 for the state in which it ended, and where the time is no longer known.</summary>
    public required double Seconds { get; init; }

    /// <summary>How long the state function ran, over all attempts.</summary>
    public required double RanSeconds { get; init; }

    /// <summary>The id of the history entry with which the workflow first entered the state.</summary>
    public required long FirstEntry { get; init; }

    /// <summary>"lastEntered" in the JSON.</summary>
    public required DateTimeOffset? LastEntered { get; init; }
}

/// <summary>How many workflows ended recently, on all executors. Executors report every few seconds, so the last minute is incomplete.</summary>
public sealed record Throughput
{
    /// <summary>The start of the first minute that is counted.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The time of the response.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The counts; minutes in which nothing ended are omitted.</summary>
    public required IReadOnlyList<EndedInMinute> Minutes { get; init; }
}

/// <summary>A transition from one state to another, and how often a workflow made it.</summary>
public sealed record TransitionUses
{
    /// <summary>"from" in the JSON.</summary>
    public required string From { get; init; }

    /// <summary>"to" in the JSON.</summary>
    public required string To { get; init; }

    /// <summary>Whether a person moved it.</summary>
    public required bool ByHand { get; init; }

    /// <summary>"count" in the JSON.</summary>
    public required long Count { get; init; }

    /// <summary>The id of the history entry of the latest such transition.</summary>
    public required long LastEntry { get; init; }

    /// <summary>"last" in the JSON.</summary>
    public required DateTimeOffset Last { get; init; }
}

/// <summary>The result of running one workflow of a script in memory.</summary>
public sealed record Trial
{
    /// <summary>"steps" in the JSON.</summary>
    public required IReadOnlyList<TrialStep> Steps { get; init; }

    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public required JsonElement StateVars { get; init; }

    /// <summary>"ended" in the JSON.</summary>
    public required string Ended { get; init; }

    /// <summary>Why the trial ended, as a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>"virtualSeconds" in the JSON.</summary>
    public required double VirtualSeconds { get; init; }
}

/// <summary>Why an attempt failed.</summary>
public sealed record TrialError
{
    /// <summary>"text" in the JSON.</summary>
    public required string Text { get; init; }

    /// <summary>The file of the script in which the exception was thrown.</summary>
    public required string? File { get; init; }

    /// <summary>"line" in the JSON.</summary>
    public required int? Line { get; init; }

    /// <summary>The complete exception with its stack trace.</summary>
    public required string Detail { get; init; }
}

/// <summary>One committed step of a trial.</summary>
public sealed record TrialStep
{
    /// <summary>1 for the workflow of the trial; other ids are its children.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"attempt" in the JSON.</summary>
    public required int Attempt { get; init; }

    /// <summary>The time on the clock of the trial, which skips all waits.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>"nextState" in the JSON.</summary>
    public required string NextState { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public required JsonElement StateVars { get; init; }

    /// <summary>The lines of the history that the step added.</summary>
    public required IReadOnlyList<string> Outcome { get; init; }

    /// <summary>"log" in the JSON.</summary>
    public required IReadOnlyList<string> Log { get; init; }

    /// <summary>"children" in the JSON.</summary>
    public required IReadOnlyList<string> Children { get; init; }

    /// <summary>"waitsUntil" in the JSON.</summary>
    public required DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>"skippedSeconds" in the JSON.</summary>
    public required double? SkippedSeconds { get; init; }

    /// <summary>"error" in the JSON.</summary>
    public required TrialError? Error { get; init; }
}

/// <summary>The result of trying a script: a trial, or the errors in the source.</summary>
public sealed record TriedScript
{
    /// <summary>"diagnostics" in the JSON.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>"trial" in the JSON.</summary>
    public required Trial? Trial { get; init; }
}

/// <summary>The run that was started.</summary>
public sealed record TriggeredRun
{
    /// <summary>"workflowId" in the JSON.</summary>
    public required long WorkflowId { get; init; }
}

/// <summary>A user.</summary>
public sealed record User
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"username" in the JSON.</summary>
    public required string Username { get; init; }

    /// <summary>"displayName" in the JSON.</summary>
    public required string? DisplayName { get; init; }

    /// <summary>"role" in the JSON.</summary>
    public required string Role { get; init; }

    /// <summary>Whether the user may sign in and use keys.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Whether the user can sign in with a password.</summary>
    public required bool HasPassword { get; init; }

    /// <summary>The account at an OpenID Connect provider that the user signs in with; null if there is none.</summary>
    public required ExternalAccount? External { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the user last signed in; null if never.</summary>
    public required DateTimeOffset? LastSignIn { get; init; }
}

/// <summary>A page of users, ordered by id.</summary>
public sealed record UserPage
{
    /// <summary>"users" in the JSON.</summary>
    public required IReadOnlyList<User> Users { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }
}

/// <summary>An open session of a user.</summary>
public sealed record UserSession
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it expires; using it does not extend it.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>When it was last used, accurate to the minute.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>The IP address from which it was opened.</summary>
    public required string? Address { get; init; }

    /// <summary>The User-Agent header of the sign-in request.</summary>
    public required string? UserAgent { get; init; }

    /// <summary>Whether it is the session of this request.</summary>
    public required bool Current { get; init; }
}

/// <summary>The changes of variables in a history entry. For values that are secret or too long, only the names are recorded.</summary>
public sealed record VariableTrace
{
    /// <summary>Whether these are all the variables and not only those that changed.</summary>
    public required bool Whole { get; init; }

    /// <summary>The new values by name, as a JSON object.</summary>
    public required JsonElement Set { get; init; }

    /// <summary>"removed" in the JSON.</summary>
    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>The names of variables that were set to values that the history does not keep.</summary>
    public required IReadOnlyList<string> Omitted { get; init; }
}

/// <summary>The variables of a workflow as of an entry of its history.</summary>
public sealed record VariablesAt
{
    /// <summary>The values that the history keeps, as a JSON object.</summary>
    public required JsonElement Values { get; init; }

    /// <summary>The names of variables whose values the history does not keep.</summary>
    public required IReadOnlyList<string> Unknown { get; init; }
}

/// <summary>The result of a move to another version; for a dry run, what the move would do.</summary>
public sealed record VersionMove
{
    /// <summary>"dryRun" in the JSON.</summary>
    public required bool DryRun { get; init; }

    /// <summary>"plan" in the JSON.</summary>
    public required IReadOnlyList<StateMove> Plan { get; init; }

    /// <summary>"moved" in the JSON.</summary>
    public required long Moved { get; init; }

    /// <summary>"refusals" in the JSON.</summary>
    public required IReadOnlyList<string> Refusals { get; init; }
}

/// <summary>A workflow.</summary>
public sealed record Workflow
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>The number of attempts so far, in all states.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>The number of failed attempts in the current state.</summary>
    public required int RetryCount { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"modified" in the JSON.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>When it is due next; null if nothing is planned.</summary>
    public required DateTimeOffset? NextActivation { get; init; }

    /// <summary>"started" in the JSON.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>"finished" in the JSON.</summary>
    public required DateTimeOffset? Finished { get; init; }

    /// <summary>The executor that runs it now.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>"externalId" in the JSON.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>The variables, as a JSON object.</summary>
    public required JsonElement StateVars { get; init; }

    /// <summary>Whether the variables were omitted: lists omit large ones, and all of them if so requested. stateVars is then an empty object.</summary>
    public required bool StateVarsOmitted { get; init; }

    /// <summary>"parentWorkflowId" in the JSON.</summary>
    public required long? ParentWorkflowId { get; init; }

    /// <summary>1 (first) to 9 (last).</summary>
    public required int Priority { get; init; }

    /// <summary>"openChildren" in the JSON.</summary>
    public required int OpenChildren { get; init; }

    /// <summary>Whether it will be paused when the current step ends.</summary>
    public required bool PauseRequested { get; init; }

    /// <summary>While it is paused: when it will be due if it is resumed.</summary>
    public required DateTimeOffset? HeldActivation { get; init; }

    /// <summary>The names of the signals that it waits for.</summary>
    public required IReadOnlyList<string> AwaitedSignals { get; init; }

    /// <summary>The names of the signals that were sent to it and that no step has taken yet.</summary>
    public required IReadOnlyList<string> KeptSignals { get; init; }

    /// <summary>The state that it moves to at its next activation if what it waits for has not happened by then.</summary>
    public required string? DeadlineState { get; init; }

    /// <summary>The type and message of the error of the last failed attempt.</summary>
    public required string? LastError { get; init; }

    /// <summary>The result; null if it is unfinished or has none.</summary>
    public required JsonElement Output { get; init; }

    /// <summary>Whether the result was omitted, as lists do when it is large; output is then null.</summary>
    public required bool OutputOmitted { get; init; }

    /// <summary>What it is waiting for; null while it runs and when it has ended.</summary>
    public required string? WaitsFor { get; init; }

    /// <summary>The key under which limits count it; null until one has been given or needed.</summary>
    public required string? LimitKey { get; init; }
}

/// <summary>The number of workflows of one type, version, state and status.</summary>
public sealed record WorkflowCount
{
    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>"count" in the JSON.</summary>
    public required long Count { get; init; }
}

/// <summary>The data of the event "workflow": a workflow has changed.</summary>
public sealed record WorkflowEvent
{
    /// <summary>"id" in the JSON.</summary>
    public required long Id { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"version" in the JSON.</summary>
    public required string Version { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>The state before the change; null for a new workflow.</summary>
    public required string? PreviousState { get; init; }

    /// <summary>"parentWorkflowId" in the JSON.</summary>
    public required long? ParentWorkflowId { get; init; }

    /// <summary>Increases with every change of a workflow: of two events of the same workflow, the later one has the higher revision.</summary>
    public required long Revision { get; init; }

    /// <summary>"executionCount" in the JSON.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>"retryCount" in the JSON.</summary>
    public required int RetryCount { get; init; }

    /// <summary>"openChildren" in the JSON.</summary>
    public required int OpenChildren { get; init; }

    /// <summary>"executorId" in the JSON.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>"modified" in the JSON.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public required DateTimeOffset? NextActivation { get; init; }
}

/// <summary>A page of workflows, newest first.</summary>
public sealed record WorkflowPage
{
    /// <summary>The number of workflows on this page.</summary>
    public required int Results { get; init; }

    /// <summary>"workflows" in the JSON.</summary>
    public required IReadOnlyList<Workflow> Workflows { get; init; }

    /// <summary>The number of workflows that were skipped, as requested.</summary>
    public required int Offset { get; init; }

    /// <summary>The cursor for the next page; null on the last page.</summary>
    public required string? Next { get; init; }

    /// <summary>Whether the search stopped before the page was full because it had examined many workflows; the next page continues from there.</summary>
    public required bool Partial { get; init; }

    /// <summary>The number of workflows on all pages together; null if the counters cannot provide it.</summary>
    public required long? Total { get; init; }
}

/// <summary>The path of a workflow through its states.</summary>
public sealed record WorkflowPath
{
    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public required string Status { get; init; }

    /// <summary>The states that it has been in, in the order in which it first entered them.</summary>
    public required IReadOnlyList<StateVisits> States { get; init; }

    /// <summary>The transitions that it has made, the most recent last.</summary>
    public required IReadOnlyList<TransitionUses> Transitions { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateWorkflowRequest
{
    /// <summary>"externalId" in the JSON.</summary>
    public string? ExternalId { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"limitKey" in the JSON.</summary>
    public string? LimitKey { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"nextActivationOffset" in the JSON.</summary>
    public string? NextActivationOffset { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SearchWorkflowsRequestFilter
{
    /// <summary>"workflowTypes" in the JSON.</summary>
    public IReadOnlyList<string>? WorkflowTypes { get; init; }

    /// <summary>"versions" in the JSON.</summary>
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>"states" in the JSON.</summary>
    public IReadOnlyList<string>? States { get; init; }

    /// <summary>"statuses" in the JSON.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>"executorGroups" in the JSON.</summary>
    public IReadOnlyList<string>? ExecutorGroups { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"businessKeyPrefix" in the JSON.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>"parentWorkflowId" in the JSON.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>"idFrom" in the JSON.</summary>
    public long? IdFrom { get; init; }

    /// <summary>"idTo" in the JSON.</summary>
    public long? IdTo { get; init; }

    /// <summary>"waitsFor" in the JSON.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>"withoutParent" in the JSON.</summary>
    public bool? WithoutParent { get; init; }

    /// <summary>"createdFrom" in the JSON.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>"createdBefore" in the JSON.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>"modifiedFrom" in the JSON.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>"modifiedBefore" in the JSON.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>"finishedFrom" in the JSON.</summary>
    public DateTimeOffset? FinishedFrom { get; init; }

    /// <summary>"finishedBefore" in the JSON.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SearchWorkflowsRequest
{
    /// <summary>"id" in the JSON.</summary>
    public long? Id { get; init; }

    /// <summary>"externalId" in the JSON.</summary>
    public string? ExternalId { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"filter" in the JSON.</summary>
    public SearchWorkflowsRequestFilter? Filter { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public string? WorkflowType { get; init; }

    /// <summary>"state" in the JSON.</summary>
    public string? State { get; init; }

    /// <summary>"status" in the JSON.</summary>
    public string? Status { get; init; }

    /// <summary>"parentWorkflowId" in the JSON.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>"limit" in the JSON.</summary>
    public int? Limit { get; init; }

    /// <summary>"offset" in the JSON.</summary>
    public int? Offset { get; init; }

    /// <summary>"cursor" in the JSON.</summary>
    public string? Cursor { get; init; }

    /// <summary>"withVariables" in the JSON.</summary>
    public bool? WithVariables { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateAndWaitRequestCreateWorkflowRequest
{
    /// <summary>"externalId" in the JSON.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"limitKey" in the JSON.</summary>
    public string? LimitKey { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"nextActivationOffset" in the JSON.</summary>
    public string? NextActivationOffset { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateAndWaitRequest
{
    /// <summary>"createWorkflowRequest" in the JSON.</summary>
    public required CreateAndWaitRequestCreateWorkflowRequest CreateWorkflowRequest { get; init; }

    /// <summary>"waitSeconds" in the JSON.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>"checkSeconds" in the JSON.</summary>
    public double? CheckSeconds { get; init; }

    /// <summary>"waitForStates" in the JSON.</summary>
    public IReadOnlyList<string>? WaitForStates { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeStateAndWaitRequestUpdateWorkflowStateRequest
{
    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"fromStates" in the JSON.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"force" in the JSON.</summary>
    public bool? Force { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeStateAndWaitRequestUpdateStateVarRequest
{
    /// <summary>"key" in the JSON.</summary>
    public required string Key { get; init; }

    /// <summary>"value" in the JSON.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public JsonElement? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeStateAndWaitRequest
{
    /// <summary>"updateWorkflowStateRequest" in the JSON.</summary>
    public required ChangeStateAndWaitRequestUpdateWorkflowStateRequest UpdateWorkflowStateRequest { get; init; }

    /// <summary>"updateStateVarRequest" in the JSON.</summary>
    public ChangeStateAndWaitRequestUpdateStateVarRequest? UpdateStateVarRequest { get; init; }

    /// <summary>"fromStates" in the JSON.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"waitSeconds" in the JSON.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>"checkSeconds" in the JSON.</summary>
    public double? CheckSeconds { get; init; }

    /// <summary>"waitForStates" in the JSON.</summary>
    public IReadOnlyList<string>? WaitForStates { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeStateRequest
{
    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"fromStates" in the JSON.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"force" in the JSON.</summary>
    public bool? Force { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SetVariableRequest
{
    /// <summary>"key" in the JSON.</summary>
    public required string Key { get; init; }

    /// <summary>"value" in the JSON.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public JsonElement? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeVariablesRequest
{
    /// <summary>"set" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" in the JSON.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CancelWorkflowRequest
{
    /// <summary>"children" in the JSON.</summary>
    public bool? Children { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record PauseWorkflowRequest;

/// <summary>A body of the API.</summary>
public sealed record ResumeWorkflowRequest;

/// <summary>A body of the API.</summary>
public sealed record RetryWorkflowRequest;

/// <summary>A body of the API.</summary>
public sealed record RunWorkflowAgainRequest
{
    /// <summary>"state" in the JSON.</summary>
    public string? State { get; init; }

    /// <summary>"set" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" in the JSON.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record PlaceWorkflowRequest
{
    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public string? ExecutorGroup { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SignalWorkflowRequest
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"key" in the JSON.</summary>
    public string? Key { get; init; }

    /// <summary>"payload" in the JSON.</summary>
    public JsonElement? Payload { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SendSignalRequestOrCreate
{
    /// <summary>"externalId" in the JSON.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"limitKey" in the JSON.</summary>
    public string? LimitKey { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"nextActivationOffset" in the JSON.</summary>
    public string? NextActivationOffset { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SendSignalRequest
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"key" in the JSON.</summary>
    public string? Key { get; init; }

    /// <summary>"payload" in the JSON.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>"externalId" in the JSON.</summary>
    public string? ExternalId { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public string? WorkflowType { get; init; }

    /// <summary>"orCreate" in the JSON.</summary>
    public SendSignalRequestOrCreate? OrCreate { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ImportWorkflowsRequestWorkflows
{
    /// <summary>"externalId" in the JSON.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"state" in the JSON.</summary>
    public string? State { get; init; }

    /// <summary>"standing" in the JSON.</summary>
    public string? Standing { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"retryCount" in the JSON.</summary>
    public int? RetryCount { get; init; }

    /// <summary>"created" in the JSON.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>"started" in the JSON.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>"finished" in the JSON.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>"parentExternalId" in the JSON.</summary>
    public string? ParentExternalId { get; init; }

    /// <summary>"awaitsChildren" in the JSON.</summary>
    public bool? AwaitsChildren { get; init; }

    /// <summary>"origin" in the JSON.</summary>
    public required string Origin { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ImportWorkflowsRequest
{
    /// <summary>"workflows" in the JSON.</summary>
    public required IReadOnlyList<ImportWorkflowsRequestWorkflows> Workflows { get; init; }

    /// <summary>"dryRun" in the JSON.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>One of the derived records, selected by "kind" in the JSON.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ForecastJobRequestOperationCancel), "cancel")]
[JsonDerivedType(typeof(ForecastJobRequestOperationPause), "pause")]
[JsonDerivedType(typeof(ForecastJobRequestOperationResume), "resume")]
[JsonDerivedType(typeof(ForecastJobRequestOperationRetry), "retry")]
[JsonDerivedType(typeof(ForecastJobRequestOperationRunAgain), "runAgain")]
[JsonDerivedType(typeof(ForecastJobRequestOperationChangeState), "changeState")]
[JsonDerivedType(typeof(ForecastJobRequestOperationChangeVariables), "changeVariables")]
[JsonDerivedType(typeof(ForecastJobRequestOperationMoveVersion), "moveVersion")]
[JsonDerivedType(typeof(ForecastJobRequestOperationPlace), "place")]
[JsonDerivedType(typeof(ForecastJobRequestOperationDelete), "delete")]
[JsonDerivedType(typeof(ForecastJobRequestOperationSignal), "signal")]
public abstract record ForecastJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationCancel : ForecastJobRequestOperation
{
    /// <summary>"children" in the JSON.</summary>
    public bool? Children { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationPause : ForecastJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationResume : ForecastJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationRetry : ForecastJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationRunAgain : ForecastJobRequestOperation
{
    /// <summary>"state" in the JSON.</summary>
    public string? State { get; init; }

    /// <summary>"set" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" in the JSON.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationChangeState : ForecastJobRequestOperation
{
    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"fromStates" in the JSON.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"set" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" in the JSON.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }

    /// <summary>"force" in the JSON.</summary>
    public bool? Force { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationChangeVariables : ForecastJobRequestOperation
{
    /// <summary>"set" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" in the JSON.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationMoveVersion : ForecastJobRequestOperation
{
    /// <summary>"to" in the JSON.</summary>
    public required string To { get; init; }

    /// <summary>"states" in the JSON.</summary>
    public IReadOnlyDictionary<string, string>? States { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationPlace : ForecastJobRequestOperation
{
    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public string? ExecutorGroup { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationDelete : ForecastJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationSignal : ForecastJobRequestOperation
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"key" in the JSON.</summary>
    public string? Key { get; init; }

    /// <summary>"payload" in the JSON.</summary>
    public JsonElement? Payload { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestFilter
{
    /// <summary>"workflowTypes" in the JSON.</summary>
    public IReadOnlyList<string>? WorkflowTypes { get; init; }

    /// <summary>"versions" in the JSON.</summary>
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>"states" in the JSON.</summary>
    public IReadOnlyList<string>? States { get; init; }

    /// <summary>"statuses" in the JSON.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>"executorGroups" in the JSON.</summary>
    public IReadOnlyList<string>? ExecutorGroups { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"businessKeyPrefix" in the JSON.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>"parentWorkflowId" in the JSON.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>"idFrom" in the JSON.</summary>
    public long? IdFrom { get; init; }

    /// <summary>"idTo" in the JSON.</summary>
    public long? IdTo { get; init; }

    /// <summary>"waitsFor" in the JSON.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>"withoutParent" in the JSON.</summary>
    public bool? WithoutParent { get; init; }

    /// <summary>"createdFrom" in the JSON.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>"createdBefore" in the JSON.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>"modifiedFrom" in the JSON.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>"modifiedBefore" in the JSON.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>"finishedFrom" in the JSON.</summary>
    public DateTimeOffset? FinishedFrom { get; init; }

    /// <summary>"finishedBefore" in the JSON.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequest
{
    /// <summary>"operation" in the JSON.</summary>
    public required ForecastJobRequestOperation Operation { get; init; }

    /// <summary>"filter" in the JSON.</summary>
    public required ForecastJobRequestFilter Filter { get; init; }

    /// <summary>"reason" in the JSON.</summary>
    public string? Reason { get; init; }
}

/// <summary>One of the derived records, selected by "kind" in the JSON.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StartJobRequestOperationCancel), "cancel")]
[JsonDerivedType(typeof(StartJobRequestOperationPause), "pause")]
[JsonDerivedType(typeof(StartJobRequestOperationResume), "resume")]
[JsonDerivedType(typeof(StartJobRequestOperationRetry), "retry")]
[JsonDerivedType(typeof(StartJobRequestOperationRunAgain), "runAgain")]
[JsonDerivedType(typeof(StartJobRequestOperationChangeState), "changeState")]
[JsonDerivedType(typeof(StartJobRequestOperationChangeVariables), "changeVariables")]
[JsonDerivedType(typeof(StartJobRequestOperationMoveVersion), "moveVersion")]
[JsonDerivedType(typeof(StartJobRequestOperationPlace), "place")]
[JsonDerivedType(typeof(StartJobRequestOperationDelete), "delete")]
[JsonDerivedType(typeof(StartJobRequestOperationSignal), "signal")]
public abstract record StartJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationCancel : StartJobRequestOperation
{
    /// <summary>"children" in the JSON.</summary>
    public bool? Children { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationPause : StartJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationResume : StartJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationRetry : StartJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationRunAgain : StartJobRequestOperation
{
    /// <summary>"state" in the JSON.</summary>
    public string? State { get; init; }

    /// <summary>"set" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" in the JSON.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationChangeState : StartJobRequestOperation
{
    /// <summary>"state" in the JSON.</summary>
    public required string State { get; init; }

    /// <summary>"nextActivation" in the JSON.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"fromStates" in the JSON.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"set" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" in the JSON.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }

    /// <summary>"force" in the JSON.</summary>
    public bool? Force { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationChangeVariables : StartJobRequestOperation
{
    /// <summary>"set" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" in the JSON.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" in the JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationMoveVersion : StartJobRequestOperation
{
    /// <summary>"to" in the JSON.</summary>
    public required string To { get; init; }

    /// <summary>"states" in the JSON.</summary>
    public IReadOnlyDictionary<string, string>? States { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationPlace : StartJobRequestOperation
{
    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public string? ExecutorGroup { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationDelete : StartJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationSignal : StartJobRequestOperation
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"key" in the JSON.</summary>
    public string? Key { get; init; }

    /// <summary>"payload" in the JSON.</summary>
    public JsonElement? Payload { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestFilter
{
    /// <summary>"workflowTypes" in the JSON.</summary>
    public IReadOnlyList<string>? WorkflowTypes { get; init; }

    /// <summary>"versions" in the JSON.</summary>
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>"states" in the JSON.</summary>
    public IReadOnlyList<string>? States { get; init; }

    /// <summary>"statuses" in the JSON.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>"executorGroups" in the JSON.</summary>
    public IReadOnlyList<string>? ExecutorGroups { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"businessKeyPrefix" in the JSON.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>"parentWorkflowId" in the JSON.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>"idFrom" in the JSON.</summary>
    public long? IdFrom { get; init; }

    /// <summary>"idTo" in the JSON.</summary>
    public long? IdTo { get; init; }

    /// <summary>"waitsFor" in the JSON.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>"withoutParent" in the JSON.</summary>
    public bool? WithoutParent { get; init; }

    /// <summary>"createdFrom" in the JSON.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>"createdBefore" in the JSON.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>"modifiedFrom" in the JSON.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>"modifiedBefore" in the JSON.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>"finishedFrom" in the JSON.</summary>
    public DateTimeOffset? FinishedFrom { get; init; }

    /// <summary>"finishedBefore" in the JSON.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequest
{
    /// <summary>"operation" in the JSON.</summary>
    public required StartJobRequestOperation Operation { get; init; }

    /// <summary>"filter" in the JSON.</summary>
    public required StartJobRequestFilter Filter { get; init; }

    /// <summary>"reason" in the JSON.</summary>
    public string? Reason { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CancelJobRequest;

/// <summary>A body of the API.</summary>
public sealed record CreateScheduleRequest
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"cron" in the JSON.</summary>
    public string? Cron { get; init; }

    /// <summary>"everySeconds" in the JSON.</summary>
    public int? EverySeconds { get; init; }

    /// <summary>"timeZone" in the JSON.</summary>
    public string? TimeZone { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"overlap" in the JSON.</summary>
    public string? Overlap { get; init; }

    /// <summary>"catchUp" in the JSON.</summary>
    public string? CatchUp { get; init; }

    /// <summary>"catchUpLimit" in the JSON.</summary>
    public int? CatchUpLimit { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record PreviewScheduleRequest
{
    /// <summary>"cron" in the JSON.</summary>
    public string? Cron { get; init; }

    /// <summary>"everySeconds" in the JSON.</summary>
    public int? EverySeconds { get; init; }

    /// <summary>"timeZone" in the JSON.</summary>
    public string? TimeZone { get; init; }

    /// <summary>"count" in the JSON.</summary>
    public int? Count { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeScheduleRequest
{
    /// <summary>"workflowType" in the JSON.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"cron" in the JSON.</summary>
    public string? Cron { get; init; }

    /// <summary>"everySeconds" in the JSON.</summary>
    public int? EverySeconds { get; init; }

    /// <summary>"timeZone" in the JSON.</summary>
    public string? TimeZone { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"businessKey" in the JSON.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"executorGroup" in the JSON.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>"priority" in the JSON.</summary>
    public int? Priority { get; init; }

    /// <summary>"overlap" in the JSON.</summary>
    public string? Overlap { get; init; }

    /// <summary>"catchUp" in the JSON.</summary>
    public string? CatchUp { get; init; }

    /// <summary>"catchUpLimit" in the JSON.</summary>
    public int? CatchUpLimit { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record PauseScheduleRequest;

/// <summary>A body of the API.</summary>
public sealed record ResumeScheduleRequest;

/// <summary>A body of the API.</summary>
public sealed record TriggerScheduleRequest;

/// <summary>A body of the API.</summary>
public sealed record MoveToVersionRequest
{
    /// <summary>"from" in the JSON.</summary>
    public required string From { get; init; }

    /// <summary>"to" in the JSON.</summary>
    public required string To { get; init; }

    /// <summary>"states" in the JSON.</summary>
    public IReadOnlyDictionary<string, string>? States { get; init; }

    /// <summary>"workflowIds" in the JSON.</summary>
    public IReadOnlyList<long>? WorkflowIds { get; init; }

    /// <summary>"dryRun" in the JSON.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CheckScriptRequest
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"source" in the JSON.</summary>
    public required string Source { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record TryScriptRequest
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"source" in the JSON.</summary>
    public required string Source { get; init; }

    /// <summary>"stateVars" in the JSON.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"stepLimit" in the JSON.</summary>
    public int? StepLimit { get; init; }

    /// <summary>"timeLimitSeconds" in the JSON.</summary>
    public int? TimeLimitSeconds { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record DeployScriptRequest
{
    /// <summary>"source" in the JSON.</summary>
    public required string Source { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record RollBackScriptRequest
{
    /// <summary>"version" in the JSON.</summary>
    public string? Version { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record EnableScriptRequest;

/// <summary>A body of the API.</summary>
public sealed record DisableScriptRequest;

/// <summary>A body of the API.</summary>
public sealed record SignInRequest
{
    /// <summary>"username" in the JSON.</summary>
    public required string Username { get; init; }

    /// <summary>"password" in the JSON.</summary>
    public required string Password { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangePasswordRequest
{
    /// <summary>"oldPassword" in the JSON.</summary>
    public required string OldPassword { get; init; }

    /// <summary>"newPassword" in the JSON.</summary>
    public required string NewPassword { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateUserRequest
{
    /// <summary>"username" in the JSON.</summary>
    public required string Username { get; init; }

    /// <summary>"displayName" in the JSON.</summary>
    public string? DisplayName { get; init; }

    /// <summary>"password" in the JSON.</summary>
    public string? Password { get; init; }

    /// <summary>"role" in the JSON.</summary>
    public string? Role { get; init; }

    /// <summary>"enabled" in the JSON.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeUserRequest
{
    /// <summary>"displayName" in the JSON.</summary>
    public string? DisplayName { get; init; }

    /// <summary>"password" in the JSON.</summary>
    public string? Password { get; init; }

    /// <summary>"role" in the JSON.</summary>
    public string? Role { get; init; }

    /// <summary>"enabled" in the JSON.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateApiKeyRequest
{
    /// <summary>"name" in the JSON.</summary>
    public required string Name { get; init; }

    /// <summary>"role" in the JSON.</summary>
    public string? Role { get; init; }

    /// <summary>"expires" in the JSON.</summary>
    public DateTimeOffset? Expires { get; init; }
}
