// Generated from the OpenAPI description by: dotnet fsi build.fsx contract
#nullable enable
namespace GopherFlow.Client;

public sealed partial class GopherFlowClient
{
    /// <summary>Creates a workflow. If one with the same external id already exists, it is not changed and its id is returned; 409 if it has another type or business key.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<CreatedWorkflow> CreateWorkflowAsync(CreateWorkflowRequest request, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync<CreatedWorkflow>(HttpMethod.Post, $"/api/workflows", [], [("Idempotency-Key", Text(idempotencyKey))], request, cancellation);

    /// <summary>Workflows, newest first. Conditions are combined with AND, except that id, externalId and businessKey are alternatives to each other.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<WorkflowPage> SearchWorkflowsAsync(SearchWorkflowsRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<WorkflowPage>(HttpMethod.Post, $"/api/workflows/search", [], [], request, cancellation);

    /// <summary>One workflow.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Workflow> GetWorkflowAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<Workflow>(HttpMethod.Get, $"/api/workflows/{Escape(id)}", [], [], null, cancellation);

    /// <summary>Changes the priority or the executor group of a workflow.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ChangedWorkflow> PlaceWorkflowAsync(string id, PlaceWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Patch, $"/api/workflows/{Escape(id)}", [], [], request, cancellation);

    /// <summary>Deletes a workflow that has ended, with its variables and its history. Its children are kept.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task DeleteWorkflowAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/workflows/{Escape(id)}", [], [], null, cancellation);

    /// <summary>One workflow by its external id.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Workflow> GetWorkflowByExternalIdAsync(string externalId, CancellationToken cancellation = default) =>
        SendAsync<Workflow>(HttpMethod.Get, $"/api/workflowByExternalId/{Escape(externalId)}", [], [], null, cancellation);

    /// <summary>The children of a workflow, oldest first, without their variables.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<WorkflowPage> ListChildrenAsync(string id, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<WorkflowPage>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/children", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>The number of workflows of each type, version, state and status. The numbers are read from counters, not counted.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<WorkflowCount>> GetCountsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<WorkflowCount>>(HttpMethod.Get, $"/api/counts", [], [], null, cancellation);

    /// <summary>Creates a workflow and waits until it is in one of the given states; if none are given, until it has ended or waits for a person.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Workflow> CreateAndWaitAsync(CreateAndWaitRequest request, CancellationToken cancellation = default) =>
        SendAsync<Workflow>(HttpMethod.Post, $"/api/createAndWait", [], [], request, cancellation);

    /// <summary>Moves a workflow to a state and waits in the same way as createAndWait.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Workflow> ChangeStateAndWaitAsync(string id, ChangeStateAndWaitRequest request, CancellationToken cancellation = default) =>
        SendAsync<Workflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/stateAndWait", [], [], request, cancellation);

    /// <summary>Moves a workflow to a state, whatever its status.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Changed> ChangeStateAsync(string id, ChangeStateRequest request, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/state", [], [], request, cancellation);

    /// <summary>Sets one variable.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Changed> SetVariableAsync(string id, SetVariableRequest request, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/statevars", [], [], request, cancellation);

    /// <summary>Sets and removes variables: either all of the changes are made or none. If expected previous values are given, they must match; null expects that the variable does not exist.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Changed> ChangeVariablesAsync(string id, ChangeVariablesRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Patch, $"/api/workflows/{Escape(id)}/variables", [], [], request, cancellation);

    /// <summary>The variables of a workflow as of an entry of its history.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<VariablesAt> GetVariablesAtAsync(string id, long @at, CancellationToken cancellation = default) =>
        SendAsync<VariablesAt>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/variables", [("at", Text(@at))], [], null, cancellation);

    /// <summary>Cancels a workflow: it ends as CANCELLED, or moves to the clean-up state of its definition.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<CancelledWorkflow> CancelWorkflowAsync(string id, CancelWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<CancelledWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/cancel", [], [], request, cancellation);

    /// <summary>Pauses a workflow. A running step ends first.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ChangedWorkflow> PauseWorkflowAsync(string id, PauseWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/pause", [], [], request, cancellation);

    /// <summary>Resumes a paused workflow where it was.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ChangedWorkflow> ResumeWorkflowAsync(string id, ResumeWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/resume", [], [], request, cancellation);

    /// <summary>Makes the next attempt now, for a workflow that waits for a retry or has failed.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ChangedWorkflow> RetryWorkflowAsync(string id, RetryWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/retry", [], [], request, cancellation);

    /// <summary>Runs a workflow again from one of its states, whatever its status.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ChangedWorkflow> RunWorkflowAgainAsync(string id, RunWorkflowAgainRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/runAgain", [], [], request, cancellation);

    /// <summary>The signals that were sent to a workflow and that no step has taken yet, oldest first, without large payloads.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<SignalPage> ListSignalsAsync(string id, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<SignalPage>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/signals", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Sends a signal to a workflow. If the workflow does not wait for it yet, the signal is kept.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<SentSignal> SignalWorkflowAsync(string id, SignalWorkflowRequest request, CancellationToken cancellation = default) =>
        SendAsync<SentSignal>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/signals", [], [], request, cancellation);

    /// <summary>One of the signals that were sent to a workflow and that no step has taken yet, with its full payload.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Signal> GetSignalAsync(string id, long signalId, CancellationToken cancellation = default) =>
        SendAsync<Signal>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/signals/{Escape(signalId)}", [], [], null, cancellation);

    /// <summary>Sends a signal to the workflow with an external id, or to all unfinished workflows of a type with a business key. If there is no receiver, it creates a workflow if orCreate is given.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<SentSignal> SendSignalAsync(SendSignalRequest request, CancellationToken cancellation = default) =>
        SendAsync<SentSignal>(HttpMethod.Post, $"/api/signals", [], [], request, cancellation);

    /// <summary>The history of a workflow as lines of text, newest first, in the format of the Go system. The cursor for the next page is the id of the last entry.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<Action>> ListActionsAsync(long id, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Action>>(HttpMethod.Get, $"/api/actions/byWorkflowId/{Escape(id)}", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>The history of a workflow as data: one entry for each event.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<HistoryPage> GetHistoryAsync(string id, string? order = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<HistoryPage>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/history", [("order", Text(order)), ("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>The path of a workflow through its states: visits, times, transitions.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<WorkflowPath> GetPathAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<WorkflowPath>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/path", [], [], null, cancellation);

    /// <summary>Imports workflows that were started in another system, in their current state; earlier states are not run. Parents and children must be in the same request. A workflow that already exists is not changed, so a request can be repeated.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ImportedWorkflows> ImportWorkflowsAsync(ImportWorkflowsRequest request, CancellationToken cancellation = default) =>
        SendAsync<ImportedWorkflows>(HttpMethod.Post, $"/api/workflows/import", [], [], request, cancellation);

    /// <summary>Counts the workflows that a job would change. Nothing is stored.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<JobForecast> ForecastJobAsync(ForecastJobRequest request, CancellationToken cancellation = default) =>
        SendAsync<JobForecast>(HttpMethod.Post, $"/api/jobs/forecast", [], [], request, cancellation);

    /// <summary>Starts a job: an operation on every workflow that matches a filter now.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Job> StartJobAsync(StartJobRequest request, CancellationToken cancellation = default) =>
        SendAsync<Job>(HttpMethod.Post, $"/api/jobs", [], [], request, cancellation);

    /// <summary>Jobs, newest first.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<JobPage> ListJobsAsync(int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<JobPage>(HttpMethod.Get, $"/api/jobs", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>One job and its progress.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Job> GetJobAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<Job>(HttpMethod.Get, $"/api/jobs/{Escape(id)}", [], [], null, cancellation);

    /// <summary>The workflows that a job could not change, with the reasons, ordered by id.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<JobFailurePage> ListJobFailuresAsync(long id, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<JobFailurePage>(HttpMethod.Get, $"/api/jobs/{Escape(id)}/failures", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Stops a job. The changes that it has made remain.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Job> CancelJobAsync(long id, CancelJobRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Job>(HttpMethod.Post, $"/api/jobs/{Escape(id)}/cancel", [], [], request, cancellation);

    /// <summary>Schedules, ordered by name.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<SchedulePage> ListSchedulesAsync(int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<SchedulePage>(HttpMethod.Get, $"/api/schedules", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Creates a schedule with a cron expression or an interval. Its first run is at the next due time after now.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Schedule> CreateScheduleAsync(CreateScheduleRequest request, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Post, $"/api/schedules", [], [], request, cancellation);

    /// <summary>The times at which a schedule would be due, from now on. Nothing is stored.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<SchedulePreview> PreviewScheduleAsync(PreviewScheduleRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<SchedulePreview>(HttpMethod.Post, $"/api/schedules/preview", [], [], request, cancellation);

    /// <summary>One schedule and its position.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Schedule> GetScheduleAsync(string name, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Get, $"/api/schedules/{Escape(name)}", [], [], null, cancellation);

    /// <summary>Changes a schedule: fields that are not given get their defaults. Its counters and its pause are kept. A schedule that is declared in code cannot be changed.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Schedule> ChangeScheduleAsync(string name, ChangeScheduleRequest request, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Put, $"/api/schedules/{Escape(name)}", [], [], request, cancellation);

    /// <summary>Deletes a schedule. Its runs are kept. A schedule that is declared in code cannot be deleted.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task DeleteScheduleAsync(string name, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/schedules/{Escape(name)}", [], [], null, cancellation);

    /// <summary>The workflows that a schedule has started and that have not been deleted, latest due time first.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ScheduleRunPage> ListScheduleRunsAsync(string name, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<ScheduleRunPage>(HttpMethod.Get, $"/api/schedules/{Escape(name)}/runs", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Pauses a schedule: it starts no runs until it is resumed. Runs that have already started continue.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Schedule> PauseScheduleAsync(string name, PauseScheduleRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Post, $"/api/schedules/{Escape(name)}/pause", [], [], request, cancellation);

    /// <summary>Resumes a schedule. Runs that would have been due in the meantime are not made up for.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Schedule> ResumeScheduleAsync(string name, ResumeScheduleRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Post, $"/api/schedules/{Escape(name)}/resume", [], [], request, cancellation);

    /// <summary>Starts a run of a schedule now, regardless of its due times, even while it is paused.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<TriggeredRun> TriggerScheduleAsync(string name, TriggerScheduleRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<TriggeredRun>(HttpMethod.Post, $"/api/schedules/{Escape(name)}/trigger", [], [], request, cancellation);

    /// <summary>The newest version of each definition, ordered by name.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<Definition>> ListDefinitionsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Definition>>(HttpMethod.Get, $"/api/definitions", [], [], null, cancellation);

    /// <summary>One definition: its newest version, or the one in the query.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Definition> GetDefinitionAsync(string name, string? version = null, CancellationToken cancellation = default) =>
        SendAsync<Definition>(HttpMethod.Get, $"/api/definitions/{Escape(name)}", [("version", Text(version))], [], null, cancellation);

    /// <summary>The versions of a definition, newest first.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<DefinitionVersion>> ListDefinitionVersionsAsync(string name, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<DefinitionVersion>>(HttpMethod.Get, $"/api/definitions/{Escape(name)}/versions", [], [], null, cancellation);

    /// <summary>Moves workflows from one version to another: either all of them or none. This is a dry run unless dryRun is false.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<VersionMove> MoveToVersionAsync(string name, MoveToVersionRequest request, CancellationToken cancellation = default) =>
        SendAsync<VersionMove>(HttpMethod.Post, $"/api/definitions/{Escape(name)}/move", [], [], request, cancellation);

    /// <summary>All scripts, ordered by name.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<Script>> ListScriptsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Script>>(HttpMethod.Get, $"/api/scripts", [], [], null, cancellation);

    /// <summary>Compiles a source and returns its errors and warnings. Nothing is stored.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<CheckedScript> CheckScriptAsync(CheckScriptRequest request, CancellationToken cancellation = default) =>
        SendAsync<CheckedScript>(HttpMethod.Post, $"/api/scripts/check", [], [], request, cancellation);

    /// <summary>Compiles a source and runs one workflow in memory; waits are skipped. Nothing is stored.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<TriedScript> TryScriptAsync(TryScriptRequest request, CancellationToken cancellation = default) =>
        SendAsync<TriedScript>(HttpMethod.Post, $"/api/scripts/try", [], [], request, cancellation);

    /// <summary>One script with its current source and its versions.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ScriptDetails> GetScriptAsync(string name, CancellationToken cancellation = default) =>
        SendAsync<ScriptDetails>(HttpMethod.Get, $"/api/scripts/{Escape(name)}", [], [], null, cancellation);

    /// <summary>Compiles a source and makes it the current version.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<CurrentVersion> DeployScriptAsync(string name, DeployScriptRequest request, CancellationToken cancellation = default) =>
        SendAsync<CurrentVersion>(HttpMethod.Put, $"/api/scripts/{Escape(name)}", [], [], request, cancellation);

    /// <summary>One version of a script, with its source.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ScriptSource> GetScriptVersionAsync(string name, string version, CancellationToken cancellation = default) =>
        SendAsync<ScriptSource>(HttpMethod.Get, $"/api/scripts/{Escape(name)}/versions/{Escape(version)}", [], [], null, cancellation);

    /// <summary>Compares two versions of a script, line by line.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Differences> CompareScriptVersionsAsync(string name, string @from, string @to, CancellationToken cancellation = default) =>
        SendAsync<Differences>(HttpMethod.Get, $"/api/scripts/{Escape(name)}/differences", [("from", Text(@from)), ("to", Text(@to))], [], null, cancellation);

    /// <summary>Makes an older version the current one: the given version, by default the previous one.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<CurrentVersion> RollBackScriptAsync(string name, RollBackScriptRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<CurrentVersion>(HttpMethod.Post, $"/api/scripts/{Escape(name)}/rollback", [], [], request, cancellation);

    /// <summary>Allows workflows of a script to run again.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Changed> EnableScriptAsync(string name, EnableScriptRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Post, $"/api/scripts/{Escape(name)}/enable", [], [], request, cancellation);

    /// <summary>Prevents workflows of a script from running and new ones from being created.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Changed> DisableScriptAsync(string name, DisableScriptRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Post, $"/api/scripts/{Escape(name)}/disable", [], [], request, cancellation);

    /// <summary>How many workflows ended in each minute of the last hour, by the steps of all executors. The cost does not depend on the number of workflows.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Throughput> GetThroughputAsync(CancellationToken cancellation = default) =>
        SendAsync<Throughput>(HttpMethod.Get, $"/api/throughput", [], [], null, cancellation);

    /// <summary>The workflows that are due next, earliest first. Large variables are omitted.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<Workflow>> ListUpcomingAsync(int? limit = null, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Workflow>>(HttpMethod.Get, $"/api/upcoming", [("limit", Text(limit))], [], null, cancellation);

    /// <summary>Workflows that should have continued by now: they are due but not claimed, or have been in a step for much longer than usual. The cost does not depend on the number of workflows.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Late> GetLateAsync(CancellationToken cancellation = default) =>
        SendAsync<Late>(HttpMethod.Get, $"/api/late", [], [], null, cancellation);

    /// <summary>Executors, the most recently active first; at most 100.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<Executor>> ListExecutorsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Executor>>(HttpMethod.Get, $"/api/executors", [], [], null, cancellation);

    /// <summary>The workflows that an executor is running now.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<ExecutorWork> GetExecutorWorkAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<ExecutorWork>(HttpMethod.Get, $"/api/executors/{Escape(id)}/work", [], [], null, cancellation);

    /// <summary>The settings of this server, without secrets.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<Setting>> ListSettingsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Setting>>(HttpMethod.Get, $"/api/settings", [], [], null, cancellation);

    /// <summary>The signed-in user.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<Session> GetSessionAsync(CancellationToken cancellation = default) =>
        SendAsync<Session>(HttpMethod.Get, $"/api/session", [], [], null, cancellation);

    /// <summary>The signed-in user, or none; the status is 200 in both cases.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<CurrentSession> GetCurrentSessionAsync(CancellationToken cancellation = default) =>
        SendAsync<CurrentSession>(HttpMethod.Get, $"/api/session/current", [], [], null, cancellation);

    /// <summary>The sign-in methods of this server.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<SignInMethods> GetSignInMethodsAsync(CancellationToken cancellation = default) =>
        SendAsync<SignInMethods>(HttpMethod.Get, $"/api/session/methods", [], [], null, cancellation);

    /// <summary>Changes the caller's own password. All other sessions of the user end.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task ChangePasswordAsync(ChangePasswordRequest request, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"/api/session/password", [], [], request, cancellation);

    /// <summary>The users, ordered by id.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<UserPage> ListUsersAsync(int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<UserPage>(HttpMethod.Get, $"/api/users", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Creates a user. A user without a password can sign in through an OpenID Connect provider, or after an admin has set a password.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<User> CreateUserAsync(CreateUserRequest request, CancellationToken cancellation = default) =>
        SendAsync<User>(HttpMethod.Post, $"/api/users", [], [], request, cancellation);

    /// <summary>One user. For admins and the user.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<User> GetUserAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<User>(HttpMethod.Get, $"/api/users/{Escape(id)}", [], [], null, cancellation);

    /// <summary>Changes a user. Disabling a user ends all their sessions at once. A new password ends them too, except the session of this request.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<User> ChangeUserAsync(long id, ChangeUserRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<User>(HttpMethod.Patch, $"/api/users/{Escape(id)}", [], [], request, cancellation);

    /// <summary>Deletes a user with all sessions and keys. The name remains in the audit log and in histories.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task DeleteUserAsync(long id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/users/{Escape(id)}", [], [], null, cancellation);

    /// <summary>The open sessions of a user, newest first. For admins and the user.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<UserSession>> ListSessionsAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<UserSession>>(HttpMethod.Get, $"/api/users/{Escape(id)}/sessions", [], [], null, cancellation);

    /// <summary>Ends all sessions of a user except the one of this request. For admins and the user.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<EndedSessions> EndSessionsAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<EndedSessions>(HttpMethod.Delete, $"/api/users/{Escape(id)}/sessions", [], [], null, cancellation);

    /// <summary>Ends a session of a user. For admins and the user.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task EndSessionAsync(long id, long sessionId, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/users/{Escape(id)}/sessions/{Escape(sessionId)}", [], [], null, cancellation);

    /// <summary>The API keys of a user, newest first. For admins and the user.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<ApiKey>>(HttpMethod.Get, $"/api/users/{Escape(id)}/keys", [], [], null, cancellation);

    /// <summary>Creates an API key, with a role no higher than that of the caller and that of the user. For admins and the user. The key itself is returned only in this response.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<CreatedApiKey> CreateApiKeyAsync(long id, CreateApiKeyRequest request, CancellationToken cancellation = default) =>
        SendAsync<CreatedApiKey>(HttpMethod.Post, $"/api/users/{Escape(id)}/keys", [], [], request, cancellation);

    /// <summary>Revokes an API key. For admins and the user.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task RevokeApiKeyAsync(long id, long keyId, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/users/{Escape(id)}/keys/{Escape(keyId)}", [], [], null, cancellation);

    /// <summary>The audit log: changes by users and their API keys, newest first. Filters are combined with AND.</summary>
    /// <exception cref="GopherFlowException">The server rejected the request.</exception>
    public Task<AuditLogPage> SearchAuditLogAsync(string? actor = null, string? action = null, string? targetKind = null, string? targetId = null, DateTimeOffset? @from = null, DateTimeOffset? @to = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<AuditLogPage>(HttpMethod.Get, $"/api/audit", [("actor", Text(actor)), ("action", Text(action)), ("targetKind", Text(targetKind)), ("targetId", Text(targetId)), ("from", Text(@from)), ("to", Text(@to)), ("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);
}
