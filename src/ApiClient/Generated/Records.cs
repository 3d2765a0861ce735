// Made from the description of the API by: dotnet fsi build.fsx contract
#nullable enable
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GopherFlow.Client;

/// <summary>A line of a workflow's history: type, name and text are those of the Go system, the rest is the entry as data. An entry that says several things has a line for each, all with its id.</summary>
public sealed record Action
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"workflowId" on the wire.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>"executorId" on the wire.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>"executionCount" on the wire.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>"retryCount" on the wire.</summary>
    public required int RetryCount { get; init; }

    /// <summary>"type" on the wire.</summary>
    public required string Type { get; init; }

    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"text" on the wire.</summary>
    public required string Text { get; init; }

    /// <summary>"dateTime" on the wire.</summary>
    public required DateTimeOffset DateTime { get; init; }

    /// <summary>"kind" on the wire.</summary>
    public required string Kind { get; init; }

    /// <summary>"from" on the wire.</summary>
    public required string? From { get; init; }

    /// <summary>"to" on the wire.</summary>
    public required string To { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>"actor" on the wire.</summary>
    public required string? Actor { get; init; }

    /// <summary>"due" on the wire.</summary>
    public required DateTimeOffset? Due { get; init; }

    /// <summary>"durationSeconds" on the wire.</summary>
    public required double? DurationSeconds { get; init; }

    /// <summary>"cause" on the wire.</summary>
    public required string? Cause { get; init; }

    /// <summary>"error" on the wire.</summary>
    public required AttemptError? Error { get; init; }
}

/// <summary>An API key of a user, without the key itself.</summary>
public sealed record ApiKey
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>The first characters of the key; empty for a key that came from the settings.</summary>
    public required string Beginning { get; init; }

    /// <summary>What it may do at most; never more than its owner.</summary>
    public required string Role { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Until when it opens anything; null for ever.</summary>
    public required DateTimeOffset? Expires { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public required DateTimeOffset? LastUsed { get; init; }

    /// <summary>When it was revoked.</summary>
    public required DateTimeOffset? Revoked { get; init; }
}

/// <summary>What went wrong in an attempt.</summary>
public sealed record AttemptError
{
    /// <summary>"type" on the wire.</summary>
    public required string Type { get; init; }

    /// <summary>"message" on the wire.</summary>
    public required string Message { get; init; }

    /// <summary>"stack" on the wire.</summary>
    public required string? Stack { get; init; }
}

/// <summary>What somebody did, or was refused.</summary>
public sealed record AuditLogEntry
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"at" on the wire.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who, by the name of that time.</summary>
    public required string Actor { get; init; }

    /// <summary>"userId" on the wire.</summary>
    public required long? UserId { get; init; }

    /// <summary>With which API key, if with one.</summary>
    public required long? ApiKeyId { get; init; }

    /// <summary>From where.</summary>
    public required string? Address { get; init; }

    /// <summary>What, such as "workflow.cancel".</summary>
    public required string Action { get; init; }

    /// <summary>To what kind of thing; empty for none.</summary>
    public required string TargetKind { get; init; }

    /// <summary>To which one.</summary>
    public required string TargetId { get; init; }

    /// <summary>"outcome" on the wire.</summary>
    public required string Outcome { get; init; }

    /// <summary>What was before, as far as it was changed.</summary>
    public required JsonElement Before { get; init; }

    /// <summary>What was so afterwards, or why it was refused.</summary>
    public required JsonElement After { get; init; }

    /// <summary>Under which the request stands in the logs of the server.</summary>
    public required string? RequestId { get; init; }
}

/// <summary>A page of the audit log, newest first.</summary>
public sealed record AuditLogPage
{
    /// <summary>"entries" on the wire.</summary>
    public required IReadOnlyList<AuditLogEntry> Entries { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>A workflow that was cancelled.</summary>
public sealed record CancelledWorkflow
{
    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>How many of its children, their children and so on were cancelled with it.</summary>
    public required int Descendants { get; init; }
}

/// <summary>A change that was made.</summary>
public sealed record Changed
{
    /// <summary>"ok" on the wire.</summary>
    public required bool Ok { get; init; }
}

/// <summary>What became of a workflow by an operation.</summary>
public sealed record ChangedWorkflow
{
    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }
}

/// <summary>What a check has found.</summary>
public sealed record CheckedScript
{
    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>"diagnostics" on the wire.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>"definition" on the wire.</summary>
    public required Definition? Definition { get; init; }
}

/// <summary>A new API key.</summary>
public sealed record CreatedApiKey
{
    /// <summary>The key itself. It is shown this once.</summary>
    public required string Key { get; init; }

    /// <summary>"details" on the wire.</summary>
    public required ApiKey Details { get; init; }
}

/// <summary>A workflow that was created, or was there.</summary>
public sealed record CreatedWorkflow
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>Whether a workflow with this external id was there; it is left as it is.</summary>
    public required bool Existed { get; init; }

    /// <summary>What may keep it from running.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Whether somebody is signed in.</summary>
public sealed record CurrentSession
{
    /// <summary>Null when nobody is.</summary>
    public required Session? Session { get; init; }
}

/// <summary>A version that is current now.</summary>
public sealed record CurrentVersion
{
    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>False when it was current already.</summary>
    public required bool Changed { get; init; }

    /// <summary>Whether new workflows start on it in this process already. If not, the script is disabled, or this process could not load it yet and tries again by itself.</summary>
    public required bool InEffect { get; init; }
}

/// <summary>A version of a definition.</summary>
public sealed record Definition
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>"description" on the wire.</summary>
    public required string Description { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"updated" on the wire.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>The diagram as Mermaid text.</summary>
    public required string FlowChart { get; init; }

    /// <summary>"initialState" on the wire.</summary>
    public required string InitialState { get; init; }

    /// <summary>Whether the server that answers can run it.</summary>
    public required bool Registered { get; init; }

    /// <summary>"retry" on the wire.</summary>
    public required Retry Retry { get; init; }

    /// <summary>"states" on the wire.</summary>
    public required IReadOnlyList<State> States { get; init; }

    /// <summary>How many of its workflows may run at once, or how many of their steps may begin within a span; empty for any number.</summary>
    public required IReadOnlyList<Limit> Limits { get; init; }
}

/// <summary>"definition": other versions of a definition run than before.</summary>
public sealed record DefinitionEvent
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>The newest that runs; null when no new workflow can start.</summary>
    public required string? Version { get; init; }
}

/// <summary>A version of a definition among the others.</summary>
public sealed record DefinitionVersion
{
    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"updated" on the wire.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>How many workflows on it have not ended.</summary>
    public required long Unfinished { get; init; }

    /// <summary>Whether the server that answers can run it.</summary>
    public required bool Registered { get; init; }

    /// <summary>Whether new workflows start on it.</summary>
    public required bool Current { get; init; }
}

/// <summary>Something to say of a script, at a place in it.</summary>
public sealed record Diagnostic
{
    /// <summary>"file" on the wire.</summary>
    public required string File { get; init; }

    /// <summary>"line" on the wire.</summary>
    public required int Line { get; init; }

    /// <summary>"column" on the wire.</summary>
    public required int Column { get; init; }

    /// <summary>"endLine" on the wire.</summary>
    public required int EndLine { get; init; }

    /// <summary>"endColumn" on the wire.</summary>
    public required int EndColumn { get; init; }

    /// <summary>"severity" on the wire.</summary>
    public required string Severity { get; init; }

    /// <summary>"code" on the wire.</summary>
    public required string Code { get; init; }

    /// <summary>"text" on the wire.</summary>
    public required string Text { get; init; }
}

/// <summary>A line of a comparison.</summary>
public sealed record DifferenceLine
{
    /// <summary>"kind" on the wire.</summary>
    public required string Kind { get; init; }

    /// <summary>"oldLine" on the wire.</summary>
    public required int? OldLine { get; init; }

    /// <summary>"newLine" on the wire.</summary>
    public required int? NewLine { get; init; }

    /// <summary>"text" on the wire.</summary>
    public required string Text { get; init; }
}

/// <summary>Two versions, file by file: the script first, then those that it loads and that differ.</summary>
public sealed record Differences
{
    /// <summary>"from" on the wire.</summary>
    public required string From { get; init; }

    /// <summary>"to" on the wire.</summary>
    public required string To { get; init; }

    /// <summary>"files" on the wire.</summary>
    public required IReadOnlyList<FileDifference> Files { get; init; }
}

/// <summary>How many workflows of a type ended in a minute, with a status.</summary>
public sealed record EndedInMinute
{
    /// <summary>When the minute began.</summary>
    public required DateTimeOffset Minute { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>"count" on the wire.</summary>
    public required long Count { get; init; }
}

/// <summary>How many sessions were ended.</summary>
public sealed record EndedSessions
{
    /// <summary>"ended" on the wire.</summary>
    public required int Ended { get; init; }
}

/// <summary>An executor; each start of a process is a new one.</summary>
public sealed record Executor
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>The version of its application; empty when unknown.</summary>
    public required string Version { get; init; }

    /// <summary>"started" on the wire.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When its last heartbeat arrived.</summary>
    public required DateTimeOffset LastActive { get; init; }

    /// <summary>When it stopped, or was declared dead.</summary>
    public required DateTimeOffset? Ended { get; init; }

    /// <summary>"groups" on the wire.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>How many workflows it runs at once.</summary>
    public required int Capacity { get; init; }

    /// <summary>"alive" on the wire.</summary>
    public required bool Alive { get; init; }

    /// <summary>For how long its lease still holds; negative when it has run out.</summary>
    public required double LeaseSeconds { get; init; }
}

/// <summary>What an executor runs now.</summary>
public sealed record ExecutorWork
{
    /// <summary>How many workflows it has claimed.</summary>
    public required int Claimed { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<Workflow> Workflows { get; init; }
}

/// <summary>Who somebody is for an OpenID Connect provider.</summary>
public sealed record ExternalAccount
{
    /// <summary>"issuer" on the wire.</summary>
    public required string Issuer { get; init; }

    /// <summary>"subject" on the wire.</summary>
    public required string Subject { get; init; }
}

/// <summary>One field of a request that cannot be taken as it is.</summary>
public sealed record Fault
{
    /// <summary>The path of the field, such as "createWorkflowRequest.businessKey".</summary>
    public required string Field { get; init; }

    /// <summary>What came, shortened; null when nothing came.</summary>
    public required string? Received { get; init; }

    /// <summary>What is expected.</summary>
    public required string Expected { get; init; }

    /// <summary>The fault as a sentence.</summary>
    public required string Detail { get; init; }
}

/// <summary>A file of two versions, line by line.</summary>
public sealed record FileDifference
{
    /// <summary>"file" on the wire.</summary>
    public required string File { get; init; }

    /// <summary>"lines" on the wire.</summary>
    public required IReadOnlyList<DifferenceLine> Lines { get; init; }
}

/// <summary>"hello", the first event of a stream.</summary>
public sealed record Hello
{
    /// <summary>The version of the server.</summary>
    public required string Version { get; init; }
}

/// <summary>An entry of a workflow's history: something that happened to it.</summary>
public sealed record HistoryEntry
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"at" on the wire.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required string Kind { get; init; }

    /// <summary>"from" on the wire.</summary>
    public required string? From { get; init; }

    /// <summary>"to" on the wire.</summary>
    public required string To { get; init; }

    /// <summary>The status after it.</summary>
    public required string Status { get; init; }

    /// <summary>How many transitions it had made before.</summary>
    public required int Step { get; init; }

    /// <summary>"executionCount" on the wire.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>"retryCount" on the wire.</summary>
    public required int RetryCount { get; init; }

    /// <summary>"executorId" on the wire.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>Who did it, such as a user, "job:7" or "workflow:5"; null for the engine itself.</summary>
    public required string? Actor { get; init; }

    /// <summary>When the workflow is due after it.</summary>
    public required DateTimeOffset? Due { get; init; }

    /// <summary>How long the state function ran.</summary>
    public required double? DurationSeconds { get; init; }

    /// <summary>What brought it about, such as "signal:paid", "workflow:17" (a child) or "executor:3" (one that died).</summary>
    public required string? Cause { get; init; }

    /// <summary>The line that the author logged.</summary>
    public required string? Text { get; init; }

    /// <summary>"error" on the wire.</summary>
    public required AttemptError? Error { get; init; }

    /// <summary>What only some kinds have to say, an object.</summary>
    public required JsonElement Details { get; init; }

    /// <summary>What it says of the variables; null when they did not change.</summary>
    public required VariableTrace? Variables { get; init; }

    /// <summary>The entry in words.</summary>
    public required IReadOnlyList<HistoryLine> Lines { get; init; }
}

/// <summary>A line of an entry, in words.</summary>
public sealed record HistoryLine
{
    /// <summary>"type" on the wire.</summary>
    public required string Type { get; init; }

    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"text" on the wire.</summary>
    public required string Text { get; init; }
}

/// <summary>A page of a workflow's history.</summary>
public sealed record HistoryPage
{
    /// <summary>"entries" on the wire.</summary>
    public required IReadOnlyList<HistoryEntry> Entries { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>What became of a workflow that another system has begun, or would become of it.</summary>
public sealed record ImportedWorkflow
{
    /// <summary>"externalId" on the wire.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Created; there already, and left as it is; or refused.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it is refused; else null.</summary>
    public required string? Reason { get; init; }
}

/// <summary>What became of all workflows of an import, in their order.</summary>
public sealed record ImportedWorkflows
{
    /// <summary>Whether nothing was stored.</summary>
    public required bool DryRun { get; init; }

    /// <summary>"workflows" on the wire.</summary>
    public required IReadOnlyList<ImportedWorkflow> Workflows { get; init; }
}

/// <summary>A job: an operation on every workflow that a filter means.</summary>
public sealed record Job
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>What is done to each workflow; its "kind" is the name of the operation.</summary>
    public required JsonElement Operation { get; init; }

    /// <summary>Whether a list left out all but the kind because the operation is large.</summary>
    public required bool OperationOmitted { get; init; }

    /// <summary>Which workflows.</summary>
    public required JsonElement Filter { get; init; }

    /// <summary>Who started it.</summary>
    public required string Actor { get; init; }

    /// <summary>Why, in the words of its actor.</summary>
    public required string? Reason { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"started" on the wire.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>"ended" on the wire.</summary>
    public required DateTimeOffset? Ended { get; init; }

    /// <summary>When a person asked it to stop.</summary>
    public required DateTimeOffset? CancelRequested { get; init; }

    /// <summary>How many workflows the filter meant when it began; null while they are not counted.</summary>
    public required long? Total { get; init; }

    /// <summary>How many workflows were changed.</summary>
    public required long Done { get; init; }

    /// <summary>How many could not be changed.</summary>
    public required long Failed { get; init; }

    /// <summary>How many were no longer matched, or gone, when their turn came.</summary>
    public required long Skipped { get; init; }

    /// <summary>How many children, their children and so on were cancelled with them.</summary>
    public required long Descendants { get; init; }

    /// <summary>The executor that works on it, or worked on it last.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>Why it could not go on.</summary>
    public required string? Error { get; init; }
}

/// <summary>A workflow that a job could not change.</summary>
public sealed record JobFailure
{
    /// <summary>"workflowId" on the wire.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>"reason" on the wire.</summary>
    public required string Reason { get; init; }
}

/// <summary>A page of the failures of a job, smallest workflow id first.</summary>
public sealed record JobFailurePage
{
    /// <summary>"failures" on the wire.</summary>
    public required IReadOnlyList<JobFailure> Failures { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>What a job would be about.</summary>
public sealed record JobForecast
{
    /// <summary>"total" on the wire.</summary>
    public required long Total { get; init; }

    /// <summary>"counts" on the wire.</summary>
    public required IReadOnlyList<JobForecastCount> Counts { get; init; }
}

/// <summary>How many workflows of a type and status a job is about.</summary>
public sealed record JobForecastCount
{
    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>"count" on the wire.</summary>
    public required long Count { get; init; }
}

/// <summary>A page of jobs, newest first.</summary>
public sealed record JobPage
{
    /// <summary>"jobs" on the wire.</summary>
    public required IReadOnlyList<Job> Jobs { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>What should have gone on by now.</summary>
public sealed record Late
{
    /// <summary>Due for half a minute or longer, and nobody has taken it; what was due first comes first. With a deadline state it is the deadline that has passed.</summary>
    public required IReadOnlyList<Workflow> Overdue { get; init; }

    /// <summary>Whether there may be more of them.</summary>
    public required bool More { get; init; }

    /// <summary>In a step for more than a minute and for more than twice as long as usual.</summary>
    public required IReadOnlyList<LongRun> LongRuns { get; init; }
}

/// <summary>How many may run at once, or begin within a span, over all executors.</summary>
public sealed record Limit
{
    /// <summary>"count" on the wire.</summary>
    public required int Count { get; init; }

    /// <summary>The span of a rate; null for a limit on how many run at once.</summary>
    public required double? SpanSeconds { get; init; }

    /// <summary>Whether the limit counts for each limit key separately.</summary>
    public required bool PerKey { get; init; }
}

/// <summary>A workflow whose step runs far longer than usual.</summary>
public sealed record LongRun
{
    /// <summary>"workflow" on the wire.</summary>
    public required Workflow Workflow { get; init; }

    /// <summary>Since when the step runs.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How long a visit to this state runs on average, in the last workflows of the type that finished.</summary>
    public required double UsualSeconds { get; init; }
}

/// <summary>Why a request was not carried out (RFC 9457). Some kinds have further members.</summary>
public sealed record ProblemDetails
{
    /// <summary>The kind, such as "urn:gopherflow:problem:conflict".</summary>
    public required string Type { get; init; }

    /// <summary>"title" on the wire.</summary>
    public required string Title { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required int Status { get; init; }

    /// <summary>"detail" on the wire.</summary>
    public required string Detail { get; init; }

    /// <summary>The faults of the request; at most 20.</summary>
    public IReadOnlyList<Fault>? Errors { get; init; }

    /// <summary>Under which the server has logged the request.</summary>
    public required string TraceId { get; init; }
}

/// <summary>The last source that was refused.</summary>
public sealed record RefusedSource
{
    /// <summary>The version that it would have been.</summary>
    public required string Version { get; init; }

    /// <summary>"at" on the wire.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>"diagnostics" on the wire.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }
}

/// <summary>When a failed attempt is made again.</summary>
public sealed record Retry
{
    /// <summary>"kind" on the wire.</summary>
    public required string Kind { get; init; }

    /// <summary>"maxRetries" on the wire.</summary>
    public required int MaxRetries { get; init; }

    /// <summary>"minSeconds" on the wire.</summary>
    public required double MinSeconds { get; init; }

    /// <summary>"maxSeconds" on the wire.</summary>
    public required double MaxSeconds { get; init; }
}

/// <summary>What starts workflows by the clock.</summary>
public sealed record Schedule
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>A cron expression of five fields, or of six with the seconds first; null when there is an interval.</summary>
    public required string? Cron { get; init; }

    /// <summary>An interval, counted from 1970-01-01 UTC; null when there is a cron expression.</summary>
    public required long? EverySeconds { get; init; }

    /// <summary>The IANA time zone of the cron expression.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The variables of each run.</summary>
    public required JsonElement StateVars { get; init; }

    /// <summary>Whether a list left out the variables because they are large.</summary>
    public required bool StateVarsOmitted { get; init; }

    /// <summary>The business key of each run: {schedule} stands for the name of the schedule, {due} for the due instant.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"priority" on the wire.</summary>
    public required int Priority { get; init; }

    /// <summary>What happens to a run that is due while another has not ended.</summary>
    public required string Overlap { get; init; }

    /// <summary>Which of the runs are made up for that were missed while no executor was there.</summary>
    public required string CatchUp { get; init; }

    /// <summary>With "all": the most missed runs to make up for.</summary>
    public required int CatchUpLimit { get; init; }

    /// <summary>"paused" on the wire.</summary>
    public required bool Paused { get; init; }

    /// <summary>Whether it is declared in code and can be changed there alone.</summary>
    public required bool Declared { get; init; }

    /// <summary>"createdBy" on the wire.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"changedBy" on the wire.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>"changed" on the wire.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>When it is due next, the first of them first; empty while it is paused.</summary>
    public required IReadOnlyList<DateTimeOffset> NextDue { get; init; }

    /// <summary>"lastDue" on the wire.</summary>
    public required DateTimeOffset? LastDue { get; init; }

    /// <summary>The run that was started last; null when there was none, or it is deleted.</summary>
    public required ScheduleRun? LastRun { get; init; }

    /// <summary>How many runs wait for the one before them to end.</summary>
    public required int Queued { get; init; }

    /// <summary>How many runs it has started, those included that a person started.</summary>
    public required long Started { get; init; }

    /// <summary>How many runs were skipped since another had not ended.</summary>
    public required long SkippedByOverlap { get; init; }

    /// <summary>How many runs were missed and not made up for.</summary>
    public required long SkippedByCatchUp { get; init; }

    /// <summary>"lastSkipped" on the wire.</summary>
    public required SkippedRun? LastSkipped { get; init; }
}

/// <summary>A page of schedules, by name.</summary>
public sealed record SchedulePage
{
    /// <summary>"schedules" on the wire.</summary>
    public required IReadOnlyList<Schedule> Schedules { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>When a schedule would be due.</summary>
public sealed record SchedulePreview
{
    /// <summary>"nextDue" on the wire.</summary>
    public required IReadOnlyList<DateTimeOffset> NextDue { get; init; }
}

/// <summary>A workflow that a schedule has started.</summary>
public sealed record ScheduleRun
{
    /// <summary>"workflowId" on the wire.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>It ends with the instant at which the run was due; with "manual" when a person started it.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"finished" on the wire.</summary>
    public required DateTimeOffset? Finished { get; init; }
}

/// <summary>A page of the runs of a schedule, those due last first.</summary>
public sealed record ScheduleRunPage
{
    /// <summary>"runs" on the wire.</summary>
    public required IReadOnlyList<ScheduleRun> Runs { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>A script in the list.</summary>
public sealed record Script
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>None while none of its versions was ever deployed.</summary>
    public required string? CurrentVersion { get; init; }

    /// <summary>"enabled" on the wire.</summary>
    public required bool Enabled { get; init; }

    /// <summary>"updated" on the wire.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>How many of its workflows have not ended, on any version.</summary>
    public required long Unfinished { get; init; }

    /// <summary>"refused" on the wire.</summary>
    public required RefusedSource? Refused { get; init; }
}

/// <summary>A script with everything that is kept of it.</summary>
public sealed record ScriptDetails
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"currentVersion" on the wire.</summary>
    public required string? CurrentVersion { get; init; }

    /// <summary>"enabled" on the wire.</summary>
    public required bool Enabled { get; init; }

    /// <summary>"updated" on the wire.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>"unfinished" on the wire.</summary>
    public required long Unfinished { get; init; }

    /// <summary>"refused" on the wire.</summary>
    public required RefusedSource? Refused { get; init; }

    /// <summary>Of the current version.</summary>
    public required string? Source { get; init; }

    /// <summary>"loaded" on the wire.</summary>
    public required IReadOnlyList<SourceFile> Loaded { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<ScriptVersion> Versions { get; init; }
}

/// <summary>One version with its source.</summary>
public sealed record ScriptSource
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>"source" on the wire.</summary>
    public required string Source { get; init; }

    /// <summary>"loaded" on the wire.</summary>
    public required IReadOnlyList<SourceFile> Loaded { get; init; }

    /// <summary>"origin" on the wire.</summary>
    public required string Origin { get; init; }

    /// <summary>"author" on the wire.</summary>
    public required string Author { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }
}

/// <summary>A version among the others.</summary>
public sealed record ScriptVersion
{
    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>"origin" on the wire.</summary>
    public required string Origin { get; init; }

    /// <summary>"author" on the wire.</summary>
    public required string Author { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"unfinished" on the wire.</summary>
    public required long Unfinished { get; init; }

    /// <summary>Whether this process can run it.</summary>
    public required bool Registered { get; init; }

    /// <summary>"current" on the wire.</summary>
    public required bool Current { get; init; }
}

/// <summary>The workflows that have a signal.</summary>
public sealed record SentSignal
{
    /// <summary>"workflowIds" on the wire.</summary>
    public required IReadOnlyList<long> WorkflowIds { get; init; }
}

/// <summary>Who is signed in.</summary>
public sealed record Session
{
    /// <summary>"username" on the wire.</summary>
    public required string Username { get; init; }

    /// <summary>"role" on the wire.</summary>
    public required string Role { get; init; }

    /// <summary>When the session ends; null for an API key that never does.</summary>
    public required DateTimeOffset? Expires { get; init; }

    /// <summary>The id of the user.</summary>
    public required long UserId { get; init; }
}

/// <summary>A setting of the server that answers.</summary>
public sealed record Setting
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>What it is set to; null when it is not set, and when it is a secret.</summary>
    public required string? Value { get; init; }

    /// <summary>"isSet" on the wire.</summary>
    public required bool IsSet { get; init; }

    /// <summary>What holds when it is not set; null when nothing does.</summary>
    public required string? Default { get; init; }

    /// <summary>Where it is set: "environment", the name of a file, or the kind of the source.</summary>
    public required string? Source { get; init; }

    /// <summary>Null for a setting of the application's own.</summary>
    public required string? Description { get; init; }
}

/// <summary>How people can sign in here.</summary>
public sealed record SignInMethods
{
    /// <summary>With a user name and a password, at POST /api/session.</summary>
    public required bool Password { get; init; }

    /// <summary>With the OpenID Connect provider, by way of GET /api/session/oidc.</summary>
    public required bool OpenIdConnect { get; init; }
}

/// <summary>A signal that was sent to a workflow and that no step has taken.</summary>
public sealed record Signal
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>By which a repeated one is dropped; null when its sender gave none.</summary>
    public required string? Key { get; init; }

    /// <summary>"payload" on the wire.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>Whether a large payload was left out, as lists do; the payload is null then.</summary>
    public required bool PayloadOmitted { get; init; }

    /// <summary>"sent" on the wire.</summary>
    public required DateTimeOffset Sent { get; init; }
}

/// <summary>A page of the signals that are kept for a workflow, oldest first.</summary>
public sealed record SignalPage
{
    /// <summary>"signals" on the wire.</summary>
    public required IReadOnlyList<Signal> Signals { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>A due instant at which no run was started.</summary>
public sealed record SkippedRun
{
    /// <summary>"due" on the wire.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>A run before it had not ended, or it was missed and is not made up for.</summary>
    public required string Reason { get; init; }
}

/// <summary>A file that a script loads.</summary>
public sealed record SourceFile
{
    /// <summary>"file" on the wire.</summary>
    public required string File { get; init; }

    /// <summary>"text" on the wire.</summary>
    public required string Text { get; init; }
}

/// <summary>A state of a definition.</summary>
public sealed record State
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"type" on the wire.</summary>
    public required string Type { get; init; }

    /// <summary>The states that it may go to.</summary>
    public required IReadOnlyList<string> GoesTo { get; init; }

    /// <summary>The state that undoes it when a workflow compensates; null when nothing does.</summary>
    public required string? CompensatedBy { get; init; }

    /// <summary>Of its own; null when the definition's holds.</summary>
    public required Retry? Retry { get; init; }

    /// <summary>How long an attempt may take; null when the server's setting holds.</summary>
    public required double? TimeoutSeconds { get; init; }

    /// <summary>How many workflows may run it at once, or begin it within a span; empty for any number.</summary>
    public required IReadOnlyList<Limit> Limits { get; init; }
}

/// <summary>What becomes of the workflows of one state in a move to another version.</summary>
public sealed record StateMove
{
    /// <summary>"from" on the wire.</summary>
    public required string From { get; init; }

    /// <summary>"to" on the wire.</summary>
    public required string? To { get; init; }

    /// <summary>"workflows" on the wire.</summary>
    public required long Workflows { get; init; }

    /// <summary>Why they cannot be moved; null when they can.</summary>
    public required string? Refusal { get; init; }
}

/// <summary>What a workflow did in a state.</summary>
public sealed record StateVisits
{
    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>How often it came there.</summary>
    public required long Visits { get; init; }

    /// <summary>How often the state function ran.</summary>
    public required long Attempts { get; init; }

    /// <summary>"failedAttempts" on the wire.</summary>
    public required long FailedAttempts { get; init; }

    /// <summary>How long the workflow was there, waiting included; 0 for the state in which it ended, and where that is not known any more.</summary>
    public required double Seconds { get; init; }

    /// <summary>How long the state function ran.</summary>
    public required double RanSeconds { get; init; }

    /// <summary>The id of the history entry with which it first came.</summary>
    public required long FirstEntry { get; init; }

    /// <summary>"lastEntered" on the wire.</summary>
    public required DateTimeOffset? LastEntered { get; init; }
}

/// <summary>How many workflows ended lately, on all executors. An executor tells every few seconds, so the last minute is not complete.</summary>
public sealed record Throughput
{
    /// <summary>The first minute that is counted.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The instant of the answer.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Minutes in which nothing ended are left out.</summary>
    public required IReadOnlyList<EndedInMinute> Minutes { get; init; }
}

/// <summary>How often a workflow went from one state to another.</summary>
public sealed record TransitionUses
{
    /// <summary>"from" on the wire.</summary>
    public required string From { get; init; }

    /// <summary>"to" on the wire.</summary>
    public required string To { get; init; }

    /// <summary>Whether a person moved it.</summary>
    public required bool ByHand { get; init; }

    /// <summary>"count" on the wire.</summary>
    public required long Count { get; init; }

    /// <summary>The id of the history entry of the last time.</summary>
    public required long LastEntry { get; init; }

    /// <summary>"last" on the wire.</summary>
    public required DateTimeOffset Last { get; init; }
}

/// <summary>What one workflow of a script did.</summary>
public sealed record Trial
{
    /// <summary>"steps" on the wire.</summary>
    public required IReadOnlyList<TrialStep> Steps { get; init; }

    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public required JsonElement StateVars { get; init; }

    /// <summary>"ended" on the wire.</summary>
    public required string Ended { get; init; }

    /// <summary>The same in words.</summary>
    public required string Reason { get; init; }

    /// <summary>"virtualSeconds" on the wire.</summary>
    public required double VirtualSeconds { get; init; }
}

/// <summary>Why an attempt failed.</summary>
public sealed record TrialError
{
    /// <summary>"text" on the wire.</summary>
    public required string Text { get; init; }

    /// <summary>Where in the script it was thrown.</summary>
    public required string? File { get; init; }

    /// <summary>"line" on the wire.</summary>
    public required int? Line { get; init; }

    /// <summary>The whole exception with its stack trace.</summary>
    public required string Detail { get; init; }
}

/// <summary>One commit.</summary>
public sealed record TrialStep
{
    /// <summary>1 is the workflow that was tried, others are its children.</summary>
    public required long WorkflowId { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"attempt" on the wire.</summary>
    public required int Attempt { get; init; }

    /// <summary>By the clock of the trial, which skips every wait.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>"nextState" on the wire.</summary>
    public required string NextState { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public required JsonElement StateVars { get; init; }

    /// <summary>The lines of the history.</summary>
    public required IReadOnlyList<string> Outcome { get; init; }

    /// <summary>"log" on the wire.</summary>
    public required IReadOnlyList<string> Log { get; init; }

    /// <summary>"children" on the wire.</summary>
    public required IReadOnlyList<string> Children { get; init; }

    /// <summary>"waitsUntil" on the wire.</summary>
    public required DateTimeOffset? WaitsUntil { get; init; }

    /// <summary>"skippedSeconds" on the wire.</summary>
    public required double? SkippedSeconds { get; init; }

    /// <summary>"error" on the wire.</summary>
    public required TrialError? Error { get; init; }
}

/// <summary>A trial, or what is wrong with the source.</summary>
public sealed record TriedScript
{
    /// <summary>"diagnostics" on the wire.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>"trial" on the wire.</summary>
    public required Trial? Trial { get; init; }
}

/// <summary>The run that a person has started.</summary>
public sealed record TriggeredRun
{
    /// <summary>"workflowId" on the wire.</summary>
    public required long WorkflowId { get; init; }
}

/// <summary>A user.</summary>
public sealed record User
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"username" on the wire.</summary>
    public required string Username { get; init; }

    /// <summary>"displayName" on the wire.</summary>
    public required string? DisplayName { get; init; }

    /// <summary>"role" on the wire.</summary>
    public required string Role { get; init; }

    /// <summary>Whether the user may sign in and use keys.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Whether the user can sign in with a password.</summary>
    public required bool HasPassword { get; init; }

    /// <summary>The account at a provider with which the user signs in; null for none.</summary>
    public required ExternalAccount? External { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the user last opened a session.</summary>
    public required DateTimeOffset? LastSignIn { get; init; }
}

/// <summary>A page of users, by id.</summary>
public sealed record UserPage
{
    /// <summary>"users" on the wire.</summary>
    public required IReadOnlyList<User> Users { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>An open session of a user.</summary>
public sealed record UserSession
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ends; use does not prolong it.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>From where it was opened.</summary>
    public required string? Address { get; init; }

    /// <summary>What the browser calls itself.</summary>
    public required string? UserAgent { get; init; }

    /// <summary>Whether it is the one of this request.</summary>
    public required bool Current { get; init; }
}

/// <summary>What an entry says of the variables. Values that are secret or too long are named only.</summary>
public sealed record VariableTrace
{
    /// <summary>Whether these are all variables, not only those that changed.</summary>
    public required bool Whole { get; init; }

    /// <summary>The new values by name, an object.</summary>
    public required JsonElement Set { get; init; }

    /// <summary>"removed" on the wire.</summary>
    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>Set to values that the history does not keep.</summary>
    public required IReadOnlyList<string> Omitted { get; init; }
}

/// <summary>The variables of a workflow at a position of its history.</summary>
public sealed record VariablesAt
{
    /// <summary>The values that the history keeps, an object.</summary>
    public required JsonElement Values { get; init; }

    /// <summary>The names of variables whose values it does not keep.</summary>
    public required IReadOnlyList<string> Unknown { get; init; }
}

/// <summary>What a move to another version does, or would do.</summary>
public sealed record VersionMove
{
    /// <summary>"dryRun" on the wire.</summary>
    public required bool DryRun { get; init; }

    /// <summary>"plan" on the wire.</summary>
    public required IReadOnlyList<StateMove> Plan { get; init; }

    /// <summary>"moved" on the wire.</summary>
    public required long Moved { get; init; }

    /// <summary>"refusals" on the wire.</summary>
    public required IReadOnlyList<string> Refusals { get; init; }
}

/// <summary>A workflow.</summary>
public sealed record Workflow
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>How many attempts have been made, over all states.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>How many attempts have failed in its state.</summary>
    public required int RetryCount { get; init; }

    /// <summary>"created" on the wire.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>"modified" on the wire.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>When it is due; null when nothing is planned.</summary>
    public required DateTimeOffset? NextActivation { get; init; }

    /// <summary>"started" on the wire.</summary>
    public required DateTimeOffset? Started { get; init; }

    /// <summary>"finished" on the wire.</summary>
    public required DateTimeOffset? Finished { get; init; }

    /// <summary>The executor that runs it now.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>"externalId" on the wire.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>The variables, an object.</summary>
    public required JsonElement StateVars { get; init; }

    /// <summary>Whether a list has left the variables out because they are large; then they are an empty object.</summary>
    public required bool StateVarsOmitted { get; init; }

    /// <summary>"parentWorkflowId" on the wire.</summary>
    public required long? ParentWorkflowId { get; init; }

    /// <summary>1 (first) to 9 (last).</summary>
    public required int Priority { get; init; }

    /// <summary>"openChildren" on the wire.</summary>
    public required int OpenChildren { get; init; }

    /// <summary>Whether it is to be paused when its step has ended.</summary>
    public required bool PauseRequested { get; init; }

    /// <summary>When it will be due again if it is resumed.</summary>
    public required DateTimeOffset? HeldActivation { get; init; }

    /// <summary>The names of the signals that it waits for.</summary>
    public required IReadOnlyList<string> AwaitedSignals { get; init; }

    /// <summary>The names of the signals that were sent to it and that no step has taken.</summary>
    public required IReadOnlyList<string> KeptSignals { get; init; }

    /// <summary>The state to go to at its next activation, unless what it waits for has come by then.</summary>
    public required string? DeadlineState { get; init; }

    /// <summary>Type and message of the error of its last failed attempt.</summary>
    public required string? LastError { get; init; }

    /// <summary>The result; null when it is unfinished or has none.</summary>
    public required JsonElement Output { get; init; }

    /// <summary>Whether a list has left the result out because it is large; then it is null.</summary>
    public required bool OutputOmitted { get; init; }

    /// <summary>What has to happen before it goes on; null when it runs, or has ended.</summary>
    public required string? WaitsFor { get; init; }

    /// <summary>The key under which limits count it; null until one was given or needed.</summary>
    public required string? LimitKey { get; init; }
}

/// <summary>How many workflows there are of a type, version, state and status.</summary>
public sealed record WorkflowCount
{
    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>"count" on the wire.</summary>
    public required long Count { get; init; }
}

/// <summary>"workflow": a workflow changed.</summary>
public sealed record WorkflowEvent
{
    /// <summary>"id" on the wire.</summary>
    public required long Id { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"version" on the wire.</summary>
    public required string Version { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>The state before; null for one that is new.</summary>
    public required string? PreviousState { get; init; }

    /// <summary>"parentWorkflowId" on the wire.</summary>
    public required long? ParentWorkflowId { get; init; }

    /// <summary>Of two events of a workflow, the later has the higher revision.</summary>
    public required long Revision { get; init; }

    /// <summary>"executionCount" on the wire.</summary>
    public required int ExecutionCount { get; init; }

    /// <summary>"retryCount" on the wire.</summary>
    public required int RetryCount { get; init; }

    /// <summary>"openChildren" on the wire.</summary>
    public required int OpenChildren { get; init; }

    /// <summary>"executorId" on the wire.</summary>
    public required long? ExecutorId { get; init; }

    /// <summary>"modified" on the wire.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public required DateTimeOffset? NextActivation { get; init; }
}

/// <summary>A page of workflows, newest first.</summary>
public sealed record WorkflowPage
{
    /// <summary>How many are on this page.</summary>
    public required int Results { get; init; }

    /// <summary>"workflows" on the wire.</summary>
    public required IReadOnlyList<Workflow> Workflows { get; init; }

    /// <summary>How many were skipped, as asked for.</summary>
    public required int Offset { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public required string? Next { get; init; }

    /// <summary>Whether the search stopped before the page was full, because it had looked at many workflows; the next page goes on.</summary>
    public required bool Partial { get; init; }

    /// <summary>How many workflows all pages have together; null when the counters do not say.</summary>
    public required long? Total { get; init; }
}

/// <summary>The way of a workflow through its states.</summary>
public sealed record WorkflowPath
{
    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"status" on the wire.</summary>
    public required string Status { get; init; }

    /// <summary>The states that it has been in, in the order in which it first came to them.</summary>
    public required IReadOnlyList<StateVisits> States { get; init; }

    /// <summary>The transitions that it has made; the one used last comes last.</summary>
    public required IReadOnlyList<TransitionUses> Transitions { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateWorkflowRequest
{
    /// <summary>"externalId" on the wire.</summary>
    public string? ExternalId { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"limitKey" on the wire.</summary>
    public string? LimitKey { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"nextActivationOffset" on the wire.</summary>
    public string? NextActivationOffset { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SearchWorkflowsRequestFilter
{
    /// <summary>"workflowTypes" on the wire.</summary>
    public IReadOnlyList<string>? WorkflowTypes { get; init; }

    /// <summary>"versions" on the wire.</summary>
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>"states" on the wire.</summary>
    public IReadOnlyList<string>? States { get; init; }

    /// <summary>"statuses" on the wire.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>"executorGroups" on the wire.</summary>
    public IReadOnlyList<string>? ExecutorGroups { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"businessKeyPrefix" on the wire.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>"parentWorkflowId" on the wire.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>"idFrom" on the wire.</summary>
    public long? IdFrom { get; init; }

    /// <summary>"idTo" on the wire.</summary>
    public long? IdTo { get; init; }

    /// <summary>"waitsFor" on the wire.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>"withoutParent" on the wire.</summary>
    public bool? WithoutParent { get; init; }

    /// <summary>"createdFrom" on the wire.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>"createdBefore" on the wire.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>"modifiedFrom" on the wire.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>"modifiedBefore" on the wire.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>"finishedFrom" on the wire.</summary>
    public DateTimeOffset? FinishedFrom { get; init; }

    /// <summary>"finishedBefore" on the wire.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SearchWorkflowsRequest
{
    /// <summary>"id" on the wire.</summary>
    public long? Id { get; init; }

    /// <summary>"externalId" on the wire.</summary>
    public string? ExternalId { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"filter" on the wire.</summary>
    public SearchWorkflowsRequestFilter? Filter { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public string? WorkflowType { get; init; }

    /// <summary>"state" on the wire.</summary>
    public string? State { get; init; }

    /// <summary>"status" on the wire.</summary>
    public string? Status { get; init; }

    /// <summary>"parentWorkflowId" on the wire.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>"limit" on the wire.</summary>
    public int? Limit { get; init; }

    /// <summary>"offset" on the wire.</summary>
    public int? Offset { get; init; }

    /// <summary>"cursor" on the wire.</summary>
    public string? Cursor { get; init; }

    /// <summary>"withVariables" on the wire.</summary>
    public bool? WithVariables { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateAndWaitRequestCreateWorkflowRequest
{
    /// <summary>"externalId" on the wire.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"limitKey" on the wire.</summary>
    public string? LimitKey { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"nextActivationOffset" on the wire.</summary>
    public string? NextActivationOffset { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateAndWaitRequest
{
    /// <summary>"createWorkflowRequest" on the wire.</summary>
    public required CreateAndWaitRequestCreateWorkflowRequest CreateWorkflowRequest { get; init; }

    /// <summary>"waitSeconds" on the wire.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>"checkSeconds" on the wire.</summary>
    public double? CheckSeconds { get; init; }

    /// <summary>"waitForStates" on the wire.</summary>
    public IReadOnlyList<string>? WaitForStates { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeStateAndWaitRequestUpdateWorkflowStateRequest
{
    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"fromStates" on the wire.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"force" on the wire.</summary>
    public bool? Force { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeStateAndWaitRequestUpdateStateVarRequest
{
    /// <summary>"key" on the wire.</summary>
    public required string Key { get; init; }

    /// <summary>"value" on the wire.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public JsonElement? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeStateAndWaitRequest
{
    /// <summary>"updateWorkflowStateRequest" on the wire.</summary>
    public required ChangeStateAndWaitRequestUpdateWorkflowStateRequest UpdateWorkflowStateRequest { get; init; }

    /// <summary>"updateStateVarRequest" on the wire.</summary>
    public ChangeStateAndWaitRequestUpdateStateVarRequest? UpdateStateVarRequest { get; init; }

    /// <summary>"fromStates" on the wire.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"waitSeconds" on the wire.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>"checkSeconds" on the wire.</summary>
    public double? CheckSeconds { get; init; }

    /// <summary>"waitForStates" on the wire.</summary>
    public IReadOnlyList<string>? WaitForStates { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeStateRequest
{
    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"fromStates" on the wire.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"force" on the wire.</summary>
    public bool? Force { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SetVariableRequest
{
    /// <summary>"key" on the wire.</summary>
    public required string Key { get; init; }

    /// <summary>"value" on the wire.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public JsonElement? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeVariablesRequest
{
    /// <summary>"set" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" on the wire.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CancelWorkflowRequest
{
    /// <summary>"children" on the wire.</summary>
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
    /// <summary>"state" on the wire.</summary>
    public string? State { get; init; }

    /// <summary>"set" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" on the wire.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record PlaceWorkflowRequest
{
    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public string? ExecutorGroup { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SignalWorkflowRequest
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"key" on the wire.</summary>
    public string? Key { get; init; }

    /// <summary>"payload" on the wire.</summary>
    public JsonElement? Payload { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SendSignalRequestOrCreate
{
    /// <summary>"externalId" on the wire.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"limitKey" on the wire.</summary>
    public string? LimitKey { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"nextActivationOffset" on the wire.</summary>
    public string? NextActivationOffset { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record SendSignalRequest
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"key" on the wire.</summary>
    public string? Key { get; init; }

    /// <summary>"payload" on the wire.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>"externalId" on the wire.</summary>
    public string? ExternalId { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public string? WorkflowType { get; init; }

    /// <summary>"orCreate" on the wire.</summary>
    public SendSignalRequestOrCreate? OrCreate { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ImportWorkflowsRequestWorkflows
{
    /// <summary>"externalId" on the wire.</summary>
    public required string ExternalId { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public required string ExecutorGroup { get; init; }

    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"state" on the wire.</summary>
    public string? State { get; init; }

    /// <summary>"standing" on the wire.</summary>
    public string? Standing { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"retryCount" on the wire.</summary>
    public int? RetryCount { get; init; }

    /// <summary>"created" on the wire.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>"started" on the wire.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>"finished" on the wire.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>"parentExternalId" on the wire.</summary>
    public string? ParentExternalId { get; init; }

    /// <summary>"awaitsChildren" on the wire.</summary>
    public bool? AwaitsChildren { get; init; }

    /// <summary>"origin" on the wire.</summary>
    public required string Origin { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ImportWorkflowsRequest
{
    /// <summary>"workflows" on the wire.</summary>
    public required IReadOnlyList<ImportWorkflowsRequestWorkflows> Workflows { get; init; }

    /// <summary>"dryRun" on the wire.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>One of its derived records; "kind" on the wire says which.</summary>
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
    /// <summary>"children" on the wire.</summary>
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
    /// <summary>"state" on the wire.</summary>
    public string? State { get; init; }

    /// <summary>"set" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" on the wire.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationChangeState : ForecastJobRequestOperation
{
    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"fromStates" on the wire.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"set" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" on the wire.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }

    /// <summary>"force" on the wire.</summary>
    public bool? Force { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationChangeVariables : ForecastJobRequestOperation
{
    /// <summary>"set" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" on the wire.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationMoveVersion : ForecastJobRequestOperation
{
    /// <summary>"to" on the wire.</summary>
    public required string To { get; init; }

    /// <summary>"states" on the wire.</summary>
    public IReadOnlyDictionary<string, string>? States { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationPlace : ForecastJobRequestOperation
{
    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public string? ExecutorGroup { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationDelete : ForecastJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestOperationSignal : ForecastJobRequestOperation
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"key" on the wire.</summary>
    public string? Key { get; init; }

    /// <summary>"payload" on the wire.</summary>
    public JsonElement? Payload { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequestFilter
{
    /// <summary>"workflowTypes" on the wire.</summary>
    public IReadOnlyList<string>? WorkflowTypes { get; init; }

    /// <summary>"versions" on the wire.</summary>
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>"states" on the wire.</summary>
    public IReadOnlyList<string>? States { get; init; }

    /// <summary>"statuses" on the wire.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>"executorGroups" on the wire.</summary>
    public IReadOnlyList<string>? ExecutorGroups { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"businessKeyPrefix" on the wire.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>"parentWorkflowId" on the wire.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>"idFrom" on the wire.</summary>
    public long? IdFrom { get; init; }

    /// <summary>"idTo" on the wire.</summary>
    public long? IdTo { get; init; }

    /// <summary>"waitsFor" on the wire.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>"withoutParent" on the wire.</summary>
    public bool? WithoutParent { get; init; }

    /// <summary>"createdFrom" on the wire.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>"createdBefore" on the wire.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>"modifiedFrom" on the wire.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>"modifiedBefore" on the wire.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>"finishedFrom" on the wire.</summary>
    public DateTimeOffset? FinishedFrom { get; init; }

    /// <summary>"finishedBefore" on the wire.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ForecastJobRequest
{
    /// <summary>"operation" on the wire.</summary>
    public required ForecastJobRequestOperation Operation { get; init; }

    /// <summary>"filter" on the wire.</summary>
    public required ForecastJobRequestFilter Filter { get; init; }

    /// <summary>"reason" on the wire.</summary>
    public string? Reason { get; init; }
}

/// <summary>One of its derived records; "kind" on the wire says which.</summary>
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
    /// <summary>"children" on the wire.</summary>
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
    /// <summary>"state" on the wire.</summary>
    public string? State { get; init; }

    /// <summary>"set" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" on the wire.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationChangeState : StartJobRequestOperation
{
    /// <summary>"state" on the wire.</summary>
    public required string State { get; init; }

    /// <summary>"nextActivation" on the wire.</summary>
    public DateTimeOffset? NextActivation { get; init; }

    /// <summary>"fromStates" on the wire.</summary>
    public IReadOnlyList<string>? FromStates { get; init; }

    /// <summary>"set" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" on the wire.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }

    /// <summary>"force" on the wire.</summary>
    public bool? Force { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationChangeVariables : StartJobRequestOperation
{
    /// <summary>"set" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Set { get; init; }

    /// <summary>"remove" on the wire.</summary>
    public IReadOnlyList<string>? Remove { get; init; }

    /// <summary>"expected" on the wire.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Expected { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationMoveVersion : StartJobRequestOperation
{
    /// <summary>"to" on the wire.</summary>
    public required string To { get; init; }

    /// <summary>"states" on the wire.</summary>
    public IReadOnlyDictionary<string, string>? States { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationPlace : StartJobRequestOperation
{
    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public string? ExecutorGroup { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationDelete : StartJobRequestOperation;

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestOperationSignal : StartJobRequestOperation
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"key" on the wire.</summary>
    public string? Key { get; init; }

    /// <summary>"payload" on the wire.</summary>
    public JsonElement? Payload { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequestFilter
{
    /// <summary>"workflowTypes" on the wire.</summary>
    public IReadOnlyList<string>? WorkflowTypes { get; init; }

    /// <summary>"versions" on the wire.</summary>
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>"states" on the wire.</summary>
    public IReadOnlyList<string>? States { get; init; }

    /// <summary>"statuses" on the wire.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>"executorGroups" on the wire.</summary>
    public IReadOnlyList<string>? ExecutorGroups { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"businessKeyPrefix" on the wire.</summary>
    public string? BusinessKeyPrefix { get; init; }

    /// <summary>"parentWorkflowId" on the wire.</summary>
    public long? ParentWorkflowId { get; init; }

    /// <summary>"idFrom" on the wire.</summary>
    public long? IdFrom { get; init; }

    /// <summary>"idTo" on the wire.</summary>
    public long? IdTo { get; init; }

    /// <summary>"waitsFor" on the wire.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>"withoutParent" on the wire.</summary>
    public bool? WithoutParent { get; init; }

    /// <summary>"createdFrom" on the wire.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>"createdBefore" on the wire.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>"modifiedFrom" on the wire.</summary>
    public DateTimeOffset? ModifiedFrom { get; init; }

    /// <summary>"modifiedBefore" on the wire.</summary>
    public DateTimeOffset? ModifiedBefore { get; init; }

    /// <summary>"finishedFrom" on the wire.</summary>
    public DateTimeOffset? FinishedFrom { get; init; }

    /// <summary>"finishedBefore" on the wire.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record StartJobRequest
{
    /// <summary>"operation" on the wire.</summary>
    public required StartJobRequestOperation Operation { get; init; }

    /// <summary>"filter" on the wire.</summary>
    public required StartJobRequestFilter Filter { get; init; }

    /// <summary>"reason" on the wire.</summary>
    public string? Reason { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CancelJobRequest;

/// <summary>A body of the API.</summary>
public sealed record CreateScheduleRequest
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"cron" on the wire.</summary>
    public string? Cron { get; init; }

    /// <summary>"everySeconds" on the wire.</summary>
    public int? EverySeconds { get; init; }

    /// <summary>"timeZone" on the wire.</summary>
    public string? TimeZone { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"overlap" on the wire.</summary>
    public string? Overlap { get; init; }

    /// <summary>"catchUp" on the wire.</summary>
    public string? CatchUp { get; init; }

    /// <summary>"catchUpLimit" on the wire.</summary>
    public int? CatchUpLimit { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record PreviewScheduleRequest
{
    /// <summary>"cron" on the wire.</summary>
    public string? Cron { get; init; }

    /// <summary>"everySeconds" on the wire.</summary>
    public int? EverySeconds { get; init; }

    /// <summary>"timeZone" on the wire.</summary>
    public string? TimeZone { get; init; }

    /// <summary>"count" on the wire.</summary>
    public int? Count { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeScheduleRequest
{
    /// <summary>"workflowType" on the wire.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>"cron" on the wire.</summary>
    public string? Cron { get; init; }

    /// <summary>"everySeconds" on the wire.</summary>
    public int? EverySeconds { get; init; }

    /// <summary>"timeZone" on the wire.</summary>
    public string? TimeZone { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"businessKey" on the wire.</summary>
    public string? BusinessKey { get; init; }

    /// <summary>"executorGroup" on the wire.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>"priority" on the wire.</summary>
    public int? Priority { get; init; }

    /// <summary>"overlap" on the wire.</summary>
    public string? Overlap { get; init; }

    /// <summary>"catchUp" on the wire.</summary>
    public string? CatchUp { get; init; }

    /// <summary>"catchUpLimit" on the wire.</summary>
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
    /// <summary>"from" on the wire.</summary>
    public required string From { get; init; }

    /// <summary>"to" on the wire.</summary>
    public required string To { get; init; }

    /// <summary>"states" on the wire.</summary>
    public IReadOnlyDictionary<string, string>? States { get; init; }

    /// <summary>"workflowIds" on the wire.</summary>
    public IReadOnlyList<long>? WorkflowIds { get; init; }

    /// <summary>"dryRun" on the wire.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CheckScriptRequest
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"source" on the wire.</summary>
    public required string Source { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record TryScriptRequest
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"source" on the wire.</summary>
    public required string Source { get; init; }

    /// <summary>"stateVars" on the wire.</summary>
    public JsonElement? StateVars { get; init; }

    /// <summary>"stepLimit" on the wire.</summary>
    public int? StepLimit { get; init; }

    /// <summary>"timeLimitSeconds" on the wire.</summary>
    public int? TimeLimitSeconds { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record DeployScriptRequest
{
    /// <summary>"source" on the wire.</summary>
    public required string Source { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record RollBackScriptRequest
{
    /// <summary>"version" on the wire.</summary>
    public string? Version { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record EnableScriptRequest;

/// <summary>A body of the API.</summary>
public sealed record DisableScriptRequest;

/// <summary>A body of the API.</summary>
public sealed record SignInRequest
{
    /// <summary>"username" on the wire.</summary>
    public required string Username { get; init; }

    /// <summary>"password" on the wire.</summary>
    public required string Password { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangePasswordRequest
{
    /// <summary>"oldPassword" on the wire.</summary>
    public required string OldPassword { get; init; }

    /// <summary>"newPassword" on the wire.</summary>
    public required string NewPassword { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateUserRequest
{
    /// <summary>"username" on the wire.</summary>
    public required string Username { get; init; }

    /// <summary>"displayName" on the wire.</summary>
    public string? DisplayName { get; init; }

    /// <summary>"password" on the wire.</summary>
    public string? Password { get; init; }

    /// <summary>"role" on the wire.</summary>
    public string? Role { get; init; }

    /// <summary>"enabled" on the wire.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record ChangeUserRequest
{
    /// <summary>"displayName" on the wire.</summary>
    public string? DisplayName { get; init; }

    /// <summary>"password" on the wire.</summary>
    public string? Password { get; init; }

    /// <summary>"role" on the wire.</summary>
    public string? Role { get; init; }

    /// <summary>"enabled" on the wire.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A body of the API.</summary>
public sealed record CreateApiKeyRequest
{
    /// <summary>"name" on the wire.</summary>
    public required string Name { get; init; }

    /// <summary>"role" on the wire.</summary>
    public string? Role { get; init; }

    /// <summary>"expires" on the wire.</summary>
    public DateTimeOffset? Expires { get; init; }
}
