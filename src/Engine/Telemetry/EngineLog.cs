using Microsoft.Extensions.Logging;

namespace GopherFlow.Telemetry;

/// <summary>All log events of the engine. Their ids are stable.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1, LogLevel.Information, "Executor {ExecutorId} '{Name}' runs up to {Capacity} workflows at once")]
    public static partial void ExecutorRegistered(this ILogger log, long executorId, string name, int capacity);

    [LoggerMessage(2, LogLevel.Information, "Executor {ExecutorId} has stopped and released {Claims} claims")]
    public static partial void ExecutorStopped(this ILogger log, long executorId, int claims);

    [LoggerMessage(
        3,
        LogLevel.Warning,
        "Executor {ExecutorId}: {Running} steps did not finish within the grace period of {GracePeriod} and are cancelled"
    )]
    public static partial void GracePeriodOver(this ILogger log, long executorId, int running, TimeSpan gracePeriod);

    [LoggerMessage(
        4,
        LogLevel.Error,
        "Executor {ExecutorId} has stopped, but could not write everything; its workflows continue elsewhere when its lease of {Lease} has expired"
    )]
    public static partial void StopIncomplete(this ILogger log, Exception trouble, long executorId, TimeSpan lease);

    [LoggerMessage(5, LogLevel.Warning, "Startup waits for the database; the next attempt is in {Pause}: {Trouble}")]
    public static partial void StartDelayed(this ILogger log, string trouble, TimeSpan pause);

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: attempt failed, retry {Retry} follows: {Error}"
    )]
    public static partial void AttemptFailed(
        this ILogger log,
        Exception? failure,
        long workflowId,
        string workflowType,
        string state,
        int retry,
        string error
    );

    [LoggerMessage(11, LogLevel.Error, "Workflow {WorkflowId} ({WorkflowType}) failed in state {State}: {Error}")]
    public static partial void WorkflowFailed(
        this ILogger log,
        Exception? failure,
        long workflowId,
        string workflowType,
        string state,
        string error
    );

    [LoggerMessage(
        12,
        LogLevel.Warning,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: lease {Lease} was lost, nothing of the step is committed"
    )]
    public static partial void LeaseLost(
        this ILogger log,
        long workflowId,
        string workflowType,
        string state,
        long lease
    );

    [LoggerMessage(
        13,
        LogLevel.Warning,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: the step under lease {Lease} was cancelled and is dropped"
    )]
    public static partial void StepAbandoned(
        this ILogger log,
        long workflowId,
        string workflowType,
        string state,
        long lease
    );

    [LoggerMessage(
        14,
        LogLevel.Error,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: the step could not be committed; it will be run again"
    )]
    public static partial void RunFailed(
        this ILogger log,
        Exception failure,
        long workflowId,
        string workflowType,
        string state
    );

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: the function failed after its attempt was over"
    )]
    public static partial void AbandonedStateFailed(
        this ILogger log,
        Exception failure,
        long workflowId,
        string workflowType,
        string state
    );

    [LoggerMessage(
        16,
        LogLevel.Warning,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: a callback registered with the step's token failed"
    )]
    public static partial void CancellationFailed(
        this ILogger log,
        Exception failure,
        long workflowId,
        string workflowType,
        string state
    );

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: the attempt is over, but its function, called at {Began:O}, has not "
            + "returned. It keeps its slot until it does; {Held} of {Capacity} slots are held in this way"
    )]
    public static partial void FunctionHeld(
        this ILogger log,
        long workflowId,
        string workflowType,
        string state,
        DateTimeOffset began,
        int held,
        int capacity
    );

    [LoggerMessage(
        18,
        LogLevel.Information,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: the function called at {Began:O} has returned after its attempt was over"
    )]
    public static partial void HeldFunctionReturned(
        this ILogger log,
        long workflowId,
        string workflowType,
        string state,
        DateTimeOffset began
    );

    [LoggerMessage(
        19,
        LogLevel.Warning,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: the time of its OnCommit callback, called at {Began:O}, is up, but it has "
            + "not returned. It holds a slot until it does; {Held} of {Capacity} slots are held in this way"
    )]
    public static partial void CommitCallbackHeld(
        this ILogger log,
        long workflowId,
        string workflowType,
        string state,
        DateTimeOffset began,
        int held,
        int capacity
    );

    [LoggerMessage(20, LogLevel.Warning, "The store is busy; a commit of {Members} members is retried in {Pause}")]
    public static partial void CommitDelayed(this ILogger log, Exception trouble, int members, TimeSpan pause);

    [LoggerMessage(
        21,
        LogLevel.Information,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: the OnCommit callback called at {Began:O} has returned after its time was up"
    )]
    public static partial void HeldCommitCallbackReturned(
        this ILogger log,
        long workflowId,
        string workflowType,
        string state,
        DateTimeOffset began
    );

    [LoggerMessage(23, LogLevel.Error, "The {Role} failed and restarts in {Pause}")]
    public static partial void RoleFailed(this ILogger log, Exception failure, string role, TimeSpan pause);

    [LoggerMessage(
        24,
        LogLevel.Warning,
        "Workflow {WorkflowId} ({WorkflowType}), state {State}: an OnCommit callback failed after its time was up"
    )]
    public static partial void LateCommitCallbackFailed(
        this ILogger log,
        Exception failure,
        long workflowId,
        string workflowType,
        string state
    );

    [LoggerMessage(25, LogLevel.Warning, "The store is busy; definition '{Name}' is read again in {Pause}")]
    public static partial void DefinitionDelayed(this ILogger log, Exception trouble, string name, TimeSpan pause);

    [LoggerMessage(
        30,
        LogLevel.Error,
        "Executor {ExecutorId} was declared dead: its running steps are cancelled, and it registers again"
    )]
    public static partial void DeclaredDead(this ILogger log, long executorId);

    [LoggerMessage(31, LogLevel.Warning, "Executor {ExecutorId} could not renew its lease")]
    public static partial void HeartbeatFailed(this ILogger log, Exception trouble, long executorId);

    [LoggerMessage(
        32,
        LogLevel.Error,
        "Executor {ExecutorId} could not renew its lease of {Lease} in time: its running steps are cancelled"
    )]
    public static partial void LeaseNotRenewed(this ILogger log, long executorId, TimeSpan lease);

    [LoggerMessage(
        33,
        LogLevel.Warning,
        "Executor {ExecutorId} was registered, but the answer came after its lease of {Lease} had expired: it registers again"
    )]
    public static partial void RegisteredTooLate(this ILogger log, long executorId, TimeSpan lease);

    [LoggerMessage(
        40,
        LogLevel.Warning,
        "{Count} workflows of dead executors are due again; executor {ExecutorId} repaired them"
    )]
    public static partial void Repaired(this ILogger log, int count, long executorId);

    [LoggerMessage(
        42,
        LogLevel.Warning,
        "{Count} claims of executor {ExecutorId} were not being run, and are released"
    )]
    public static partial void ClaimsForgotten(this ILogger log, int count, long executorId);

    [LoggerMessage(
        45,
        LogLevel.Information,
        "Deleted expired data: {Workflows} workflows, {Signals} taken signals, {Executors} executors, {Sessions} sessions, "
            + "{ScriptVersions} versions of scripts, {Definitions} of definitions, {Audit} entries of the audit log"
    )]
    public static partial void Cleaned(
        this ILogger log,
        int workflows,
        int signals,
        int executors,
        int sessions,
        int scriptVersions,
        int definitions,
        int audit
    );

    [LoggerMessage(46, LogLevel.Warning, "The store is busy; expired data is deleted later")]
    public static partial void CleaningDelayed(this ILogger log, Exception trouble);

    [LoggerMessage(
        50,
        LogLevel.Warning,
        "{Count} unfinished workflows of {WorkflowType} are on version {Version}, which this process cannot run. Unless another "
            + "executor can, they wait: move them to another version, or start an executor that has this one"
    )]
    public static partial void VersionNotHere(this ILogger log, long count, string workflowType, string version);

    [LoggerMessage(
        51,
        LogLevel.Warning,
        "{Count} unfinished deliveries are for the webhook {Webhook}, which this process does not know. Unless another executor does, they "
            + "wait: add it to GFLOW_WEBHOOK_URLS and GFLOW_WEBHOOK_SECRETS, or cancel them"
    )]
    public static partial void WebhookNotHere(this ILogger log, long count, string webhook);

    [LoggerMessage(
        60,
        LogLevel.Warning,
        "The database sends no notifications, so work from other processes is found by polling every {Interval}: {Reason}"
    )]
    public static partial void NothingToListenTo(this ILogger log, TimeSpan interval, string reason);

    [LoggerMessage(61, LogLevel.Warning, "The backlog could not be read for the metrics")]
    public static partial void BacklogNotRead(this ILogger log, Exception trouble);

    [LoggerMessage(70, LogLevel.Information, "Job {JobId} is run by executor {ExecutorId}")]
    public static partial void JobBegun(this ILogger log, long jobId, long executorId);

    [LoggerMessage(
        71,
        LogLevel.Information,
        "Job {JobId} is {Status}: {Done} workflows changed, {Failed} failed, {Skipped} skipped"
    )]
    public static partial void JobEnded(
        this ILogger log,
        long jobId,
        string status,
        long done,
        long failed,
        long skipped
    );

    [LoggerMessage(72, LogLevel.Warning, "Job {JobId} waits for the database")]
    public static partial void JobDelayed(this ILogger log, Exception trouble, long jobId);

    [LoggerMessage(73, LogLevel.Warning, "The store is busy; jobs are polled again later")]
    public static partial void JobsDelayed(this ILogger log, Exception trouble);

    [LoggerMessage(74, LogLevel.Error, "Job {JobId} could not change workflow {WorkflowId}")]
    public static partial void JobMemberFailed(this ILogger log, Exception fault, long jobId, long workflowId);

    [LoggerMessage(75, LogLevel.Error, "Job {JobId} could not continue")]
    public static partial void JobFailed(this ILogger log, Exception fault, long jobId);

    [LoggerMessage(76, LogLevel.Warning, "The store is busy; the number of ended workflows is recorded later")]
    public static partial void ThroughputDelayed(this ILogger log, Exception trouble);

    [LoggerMessage(80, LogLevel.Warning, "The store is busy; due runs of schedules are started later")]
    public static partial void SchedulesDelayed(this ILogger log, Exception trouble);

    [LoggerMessage(81, LogLevel.Error, "Schedule '{Name}' could not start its due runs; it is retried")]
    public static partial void ScheduleFailed(this ILogger log, Exception fault, string name);

    [LoggerMessage(
        82,
        LogLevel.Warning,
        "Schedule '{Name}' is due, but there is no definition '{WorkflowType}', or it is disabled; the schedule is retried"
    )]
    public static partial void ScheduleHasNoDefinition(this ILogger log, string name, string workflowType);

    [LoggerMessage(83, LogLevel.Warning, "Schedule '{Name}' skipped {Count} runs; reason for the last one: {Reason}")]
    public static partial void RunsSkipped(this ILogger log, string name, int count, string reason);

    [LoggerMessage(84, LogLevel.Information, "Schedule '{Name}' is stored as declared in the code")]
    public static partial void ScheduleDeclared(this ILogger log, string name);

    [LoggerMessage(85, LogLevel.Error, "Schedule '{Name}' from the code is not stored: {Faults}")]
    public static partial void ScheduleRejected(this ILogger log, string name, string faults);
}
