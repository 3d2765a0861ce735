// Made from the description of the API by: dotnet fsi build.fsx contract
#nullable enable
namespace GopherFlow.Client;

public sealed partial class GopherFlowClient
{
    /// <summary>Creates a workflow. One with the same external id that is there is left as it is, and its id is the answer; 409 when it is of another type or has another business key.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<CreatedWorkflow> CreateWorkflowAsync(CreateWorkflowRequest request, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync<CreatedWorkflow>(HttpMethod.Post, $"/api/workflows", [], [("Idempotency-Key", Text(idempotencyKey))], request, cancellation);

    /// <summary>Workflows, newest first. Everything that is given must hold, but that id, externalId and businessKey are alternatives to each other.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<WorkflowPage> SearchWorkflowsAsync(SearchWorkflowsRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<WorkflowPage>(HttpMethod.Post, $"/api/workflows/search", [], [], request, cancellation);

    /// <summary>One workflow.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Workflow> GetWorkflowAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<Workflow>(HttpMethod.Get, $"/api/workflows/{Escape(id)}", [], [], null, cancellation);

    /// <summary>Changes the priority or the executor group of a workflow.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ChangedWorkflow> PlaceWorkflowAsync(string id, PlaceWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Patch, $"/api/workflows/{Escape(id)}", [], [], request, cancellation);

    /// <summary>Deletes a workflow that has ended, with its variables and its history. Its children stay.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task DeleteWorkflowAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/workflows/{Escape(id)}", [], [], null, cancellation);

    /// <summary>One workflow by its external id.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Workflow> GetWorkflowByExternalIdAsync(string externalId, CancellationToken cancellation = default) =>
        SendAsync<Workflow>(HttpMethod.Get, $"/api/workflowByExternalId/{Escape(externalId)}", [], [], null, cancellation);

    /// <summary>The children of a workflow, oldest first, without their variables.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<WorkflowPage> ListChildrenAsync(string id, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<WorkflowPage>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/children", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>How many workflows there are of each type, version, state and status. Read from counters, not counted.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<WorkflowCount>> GetCountsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<WorkflowCount>>(HttpMethod.Get, $"/api/counts", [], [], null, cancellation);

    /// <summary>Creates a workflow and waits until it is in one of the states; with none, until it has ended or waits for a person.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Workflow> CreateAndWaitAsync(CreateAndWaitRequest request, CancellationToken cancellation = default) =>
        SendAsync<Workflow>(HttpMethod.Post, $"/api/createAndWait", [], [], request, cancellation);

    /// <summary>Moves a workflow to a state, and waits as createAndWait does.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Workflow> ChangeStateAndWaitAsync(string id, ChangeStateAndWaitRequest request, CancellationToken cancellation = default) =>
        SendAsync<Workflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/stateAndWait", [], [], request, cancellation);

    /// <summary>Moves a workflow to a state, whatever it is doing.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Changed> ChangeStateAsync(string id, ChangeStateRequest request, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/state", [], [], request, cancellation);

    /// <summary>Sets one variable.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Changed> SetVariableAsync(string id, SetVariableRequest request, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/statevars", [], [], request, cancellation);

    /// <summary>Sets and removes variables, all of them or none; with what they are expected to be before, if given. Null expects that there is none.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Changed> ChangeVariablesAsync(string id, ChangeVariablesRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Patch, $"/api/workflows/{Escape(id)}/variables", [], [], request, cancellation);

    /// <summary>The variables of a workflow as they were when an entry of its history had been written.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<VariablesAt> GetVariablesAtAsync(string id, long @at, CancellationToken cancellation = default) =>
        SendAsync<VariablesAt>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/variables", [("at", Text(@at))], [], null, cancellation);

    /// <summary>Cancels a workflow: it ends as CANCELLED, or goes to the state that its definition names for that.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<CancelledWorkflow> CancelWorkflowAsync(string id, CancelWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<CancelledWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/cancel", [], [], request, cancellation);

    /// <summary>Pauses a workflow. A step that runs ends first.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ChangedWorkflow> PauseWorkflowAsync(string id, PauseWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/pause", [], [], request, cancellation);

    /// <summary>Has a paused workflow go on where it was.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ChangedWorkflow> ResumeWorkflowAsync(string id, ResumeWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/resume", [], [], request, cancellation);

    /// <summary>Makes the next attempt now: of a workflow that waits for it, or that has failed.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ChangedWorkflow> RetryWorkflowAsync(string id, RetryWorkflowRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/retry", [], [], request, cancellation);

    /// <summary>Runs a workflow again from one of its states, whatever it is doing or has ended as.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ChangedWorkflow> RunWorkflowAgainAsync(string id, RunWorkflowAgainRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<ChangedWorkflow>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/runAgain", [], [], request, cancellation);

    /// <summary>The signals that were sent to a workflow and that no step has taken, oldest first, without large payloads.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<SignalPage> ListSignalsAsync(string id, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<SignalPage>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/signals", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Sends a signal to a workflow. For one that does not wait for it yet, it is kept.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<SentSignal> SignalWorkflowAsync(string id, SignalWorkflowRequest request, CancellationToken cancellation = default) =>
        SendAsync<SentSignal>(HttpMethod.Post, $"/api/workflows/{Escape(id)}/signals", [], [], request, cancellation);

    /// <summary>One of the signals that were sent to a workflow and that no step has taken, whole.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Signal> GetSignalAsync(string id, long signalId, CancellationToken cancellation = default) =>
        SendAsync<Signal>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/signals/{Escape(signalId)}", [], [], null, cancellation);

    /// <summary>Sends a signal to the workflow with an external id, or to all unfinished ones of a type with a business key; creates one when nobody is there to receive it, if asked to.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<SentSignal> SendSignalAsync(SendSignalRequest request, CancellationToken cancellation = default) =>
        SendAsync<SentSignal>(HttpMethod.Post, $"/api/signals", [], [], request, cancellation);

    /// <summary>The history of a workflow in lines, newest first, as the Go system has it. The cursor of the next page is the id of the last entry.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<Action>> ListActionsAsync(long id, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Action>>(HttpMethod.Get, $"/api/actions/byWorkflowId/{Escape(id)}", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>The history of a workflow as data: an entry for each thing that happened to it.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<HistoryPage> GetHistoryAsync(string id, string? order = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<HistoryPage>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/history", [("order", Text(order)), ("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>The way of a workflow through its states: visits, times, transitions.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<WorkflowPath> GetPathAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<WorkflowPath>(HttpMethod.Get, $"/api/workflows/{Escape(id)}/path", [], [], null, cancellation);

    /// <summary>Creates workflows that another system has begun, in the state where they are; nothing of them runs in between. Families come whole, parents and children in one request. One that is there stays as it is, so a request may be repeated.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ImportedWorkflows> ImportWorkflowsAsync(ImportWorkflowsRequest request, CancellationToken cancellation = default) =>
        SendAsync<ImportedWorkflows>(HttpMethod.Post, $"/api/workflows/import", [], [], request, cancellation);

    /// <summary>Counts the workflows that a job would be about. Nothing is stored.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<JobForecast> ForecastJobAsync(ForecastJobRequest request, CancellationToken cancellation = default) =>
        SendAsync<JobForecast>(HttpMethod.Post, $"/api/jobs/forecast", [], [], request, cancellation);

    /// <summary>Starts a job: an operation on every workflow that a filter means now.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Job> StartJobAsync(StartJobRequest request, CancellationToken cancellation = default) =>
        SendAsync<Job>(HttpMethod.Post, $"/api/jobs", [], [], request, cancellation);

    /// <summary>Jobs, newest first.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<JobPage> ListJobsAsync(int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<JobPage>(HttpMethod.Get, $"/api/jobs", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>One job, and how far it is.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Job> GetJobAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<Job>(HttpMethod.Get, $"/api/jobs/{Escape(id)}", [], [], null, cancellation);

    /// <summary>The workflows that a job could not change, and why; smallest id first.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<JobFailurePage> ListJobFailuresAsync(long id, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<JobFailurePage>(HttpMethod.Get, $"/api/jobs/{Escape(id)}/failures", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Stops a job. What it has changed stays.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Job> CancelJobAsync(long id, CancelJobRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Job>(HttpMethod.Post, $"/api/jobs/{Escape(id)}/cancel", [], [], request, cancellation);

    /// <summary>Schedules, by name.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<SchedulePage> ListSchedulesAsync(int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<SchedulePage>(HttpMethod.Get, $"/api/schedules", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Adds a schedule: with a cron expression or an interval. It is due for the first time after now.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Schedule> CreateScheduleAsync(CreateScheduleRequest request, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Post, $"/api/schedules", [], [], request, cancellation);

    /// <summary>When a schedule would be due, from now on. Nothing is stored.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<SchedulePreview> PreviewScheduleAsync(PreviewScheduleRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<SchedulePreview>(HttpMethod.Post, $"/api/schedules/preview", [], [], request, cancellation);

    /// <summary>One schedule, and how far it is.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Schedule> GetScheduleAsync(string name, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Get, $"/api/schedules/{Escape(name)}", [], [], null, cancellation);

    /// <summary>Changes a schedule: what is not named has its default. Its counts and its pause stay; one that is declared in code is refused.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Schedule> ChangeScheduleAsync(string name, ChangeScheduleRequest request, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Put, $"/api/schedules/{Escape(name)}", [], [], request, cancellation);

    /// <summary>Deletes a schedule. Its runs stay; one that is declared in code is refused.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task DeleteScheduleAsync(string name, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/schedules/{Escape(name)}", [], [], null, cancellation);

    /// <summary>The workflows that a schedule has started and that are still kept, those due last first.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ScheduleRunPage> ListScheduleRunsAsync(string name, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<ScheduleRunPage>(HttpMethod.Get, $"/api/schedules/{Escape(name)}/runs", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Pauses a schedule: nothing of it is due until it is resumed. Runs that were started go on.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Schedule> PauseScheduleAsync(string name, PauseScheduleRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Post, $"/api/schedules/{Escape(name)}/pause", [], [], request, cancellation);

    /// <summary>Resumes a schedule. What would have been due in the meantime is not made up for.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Schedule> ResumeScheduleAsync(string name, ResumeScheduleRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Schedule>(HttpMethod.Post, $"/api/schedules/{Escape(name)}/resume", [], [], request, cancellation);

    /// <summary>Starts a run of a schedule now, whatever is due, also while it is paused.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<TriggeredRun> TriggerScheduleAsync(string name, TriggerScheduleRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<TriggeredRun>(HttpMethod.Post, $"/api/schedules/{Escape(name)}/trigger", [], [], request, cancellation);

    /// <summary>The newest version of every definition, by name.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<Definition>> ListDefinitionsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Definition>>(HttpMethod.Get, $"/api/definitions", [], [], null, cancellation);

    /// <summary>One definition: its newest version, or the one that the query names.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Definition> GetDefinitionAsync(string name, string? version = null, CancellationToken cancellation = default) =>
        SendAsync<Definition>(HttpMethod.Get, $"/api/definitions/{Escape(name)}", [("version", Text(version))], [], null, cancellation);

    /// <summary>The versions of a definition, the newest first.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<DefinitionVersion>> ListDefinitionVersionsAsync(string name, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<DefinitionVersion>>(HttpMethod.Get, $"/api/definitions/{Escape(name)}/versions", [], [], null, cancellation);

    /// <summary>Moves workflows from one version to another: all of them or none. A dry run unless dryRun is false.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<VersionMove> MoveToVersionAsync(string name, MoveToVersionRequest request, CancellationToken cancellation = default) =>
        SendAsync<VersionMove>(HttpMethod.Post, $"/api/definitions/{Escape(name)}/move", [], [], request, cancellation);

    /// <summary>Every script, by name.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<Script>> ListScriptsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Script>>(HttpMethod.Get, $"/api/scripts", [], [], null, cancellation);

    /// <summary>Compiles a source and says what is wrong with it. Nothing is stored.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<CheckedScript> CheckScriptAsync(CheckScriptRequest request, CancellationToken cancellation = default) =>
        SendAsync<CheckedScript>(HttpMethod.Post, $"/api/scripts/check", [], [], request, cancellation);

    /// <summary>Compiles a source and runs one workflow of it in memory; waits are skipped. Nothing is stored.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<TriedScript> TryScriptAsync(TryScriptRequest request, CancellationToken cancellation = default) =>
        SendAsync<TriedScript>(HttpMethod.Post, $"/api/scripts/try", [], [], request, cancellation);

    /// <summary>One script, with its current source and its versions.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ScriptDetails> GetScriptAsync(string name, CancellationToken cancellation = default) =>
        SendAsync<ScriptDetails>(HttpMethod.Get, $"/api/scripts/{Escape(name)}", [], [], null, cancellation);

    /// <summary>Compiles a source and makes it the current version.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<CurrentVersion> DeployScriptAsync(string name, DeployScriptRequest request, CancellationToken cancellation = default) =>
        SendAsync<CurrentVersion>(HttpMethod.Put, $"/api/scripts/{Escape(name)}", [], [], request, cancellation);

    /// <summary>One version of a script, with its source.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ScriptSource> GetScriptVersionAsync(string name, string version, CancellationToken cancellation = default) =>
        SendAsync<ScriptSource>(HttpMethod.Get, $"/api/scripts/{Escape(name)}/versions/{Escape(version)}", [], [], null, cancellation);

    /// <summary>Two versions of a script, line by line.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Differences> CompareScriptVersionsAsync(string name, string @from, string @to, CancellationToken cancellation = default) =>
        SendAsync<Differences>(HttpMethod.Get, $"/api/scripts/{Escape(name)}/differences", [("from", Text(@from)), ("to", Text(@to))], [], null, cancellation);

    /// <summary>Makes an older version the current one: the one before, or the one that is named.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<CurrentVersion> RollBackScriptAsync(string name, RollBackScriptRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<CurrentVersion>(HttpMethod.Post, $"/api/scripts/{Escape(name)}/rollback", [], [], request, cancellation);

    /// <summary>Lets workflows of a script run again.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Changed> EnableScriptAsync(string name, EnableScriptRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Post, $"/api/scripts/{Escape(name)}/enable", [], [], request, cancellation);

    /// <summary>Keeps workflows of a script from running, and new ones from being created.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Changed> DisableScriptAsync(string name, DisableScriptRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<Changed>(HttpMethod.Post, $"/api/scripts/{Escape(name)}/disable", [], [], request, cancellation);

    /// <summary>How many workflows ended in each minute of the last hour, by the steps of all executors. It costs the same however many there are.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Throughput> GetThroughputAsync(CancellationToken cancellation = default) =>
        SendAsync<Throughput>(HttpMethod.Get, $"/api/throughput", [], [], null, cancellation);

    /// <summary>The workflows that are due next, the first due before the others, without their variables when those are large.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<Workflow>> ListUpcomingAsync(int? limit = null, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Workflow>>(HttpMethod.Get, $"/api/upcoming", [("limit", Text(limit))], [], null, cancellation);

    /// <summary>What should have gone on by now: due and not taken, or in a step for far longer than usual. It costs the same however many workflows there are.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Late> GetLateAsync(CancellationToken cancellation = default) =>
        SendAsync<Late>(HttpMethod.Get, $"/api/late", [], [], null, cancellation);

    /// <summary>Executors, the one last active first; at most 100.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<Executor>> ListExecutorsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Executor>>(HttpMethod.Get, $"/api/executors", [], [], null, cancellation);

    /// <summary>What an executor runs now.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<ExecutorWork> GetExecutorWorkAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<ExecutorWork>(HttpMethod.Get, $"/api/executors/{Escape(id)}/work", [], [], null, cancellation);

    /// <summary>The settings under which this server runs, without secrets.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<Setting>> ListSettingsAsync(CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<Setting>>(HttpMethod.Get, $"/api/settings", [], [], null, cancellation);

    /// <summary>Who is signed in.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<Session> GetSessionAsync(CancellationToken cancellation = default) =>
        SendAsync<Session>(HttpMethod.Get, $"/api/session", [], [], null, cancellation);

    /// <summary>Who is signed in, or nobody: answered with 200 either way.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<CurrentSession> GetCurrentSessionAsync(CancellationToken cancellation = default) =>
        SendAsync<CurrentSession>(HttpMethod.Get, $"/api/session/current", [], [], null, cancellation);

    /// <summary>How people can sign in here.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<SignInMethods> GetSignInMethodsAsync(CancellationToken cancellation = default) =>
        SendAsync<SignInMethods>(HttpMethod.Get, $"/api/session/methods", [], [], null, cancellation);

    /// <summary>Changes the own password. All other sessions of the user end.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task ChangePasswordAsync(ChangePasswordRequest request, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, $"/api/session/password", [], [], request, cancellation);

    /// <summary>The users, by id.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<UserPage> ListUsersAsync(int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<UserPage>(HttpMethod.Get, $"/api/users", [("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);

    /// <summary>Adds a user. One without a password signs in with a provider, or when an admin has set one.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<User> CreateUserAsync(CreateUserRequest request, CancellationToken cancellation = default) =>
        SendAsync<User>(HttpMethod.Post, $"/api/users", [], [], request, cancellation);

    /// <summary>One user; for admins, and for the user.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<User> GetUserAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<User>(HttpMethod.Get, $"/api/users/{Escape(id)}", [], [], null, cancellation);

    /// <summary>Changes a user. Disabling ends all sessions at once, and a new password ends them too.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<User> ChangeUserAsync(long id, ChangeUserRequest? request = null, CancellationToken cancellation = default) =>
        SendAsync<User>(HttpMethod.Patch, $"/api/users/{Escape(id)}", [], [], request, cancellation);

    /// <summary>Deletes a user with all sessions and keys. The audit log and the histories keep the name.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task DeleteUserAsync(long id, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/users/{Escape(id)}", [], [], null, cancellation);

    /// <summary>The open sessions of a user, newest first; for admins, and for the user.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<UserSession>> ListSessionsAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<UserSession>>(HttpMethod.Get, $"/api/users/{Escape(id)}/sessions", [], [], null, cancellation);

    /// <summary>Ends all sessions of a user, but for the one of this request; for admins, and for the user.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<EndedSessions> EndSessionsAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<EndedSessions>(HttpMethod.Delete, $"/api/users/{Escape(id)}/sessions", [], [], null, cancellation);

    /// <summary>Ends a session of a user; for admins, and for the user.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task EndSessionAsync(long id, long sessionId, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/users/{Escape(id)}/sessions/{Escape(sessionId)}", [], [], null, cancellation);

    /// <summary>The API keys of a user, newest first; for admins, and for the user.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(long id, CancellationToken cancellation = default) =>
        SendAsync<IReadOnlyList<ApiKey>>(HttpMethod.Get, $"/api/users/{Escape(id)}/keys", [], [], null, cancellation);

    /// <summary>Adds an API key, with a role no higher than that of whoever asks and of the user; for admins, and for the user. The key itself is in this answer alone.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<CreatedApiKey> CreateApiKeyAsync(long id, CreateApiKeyRequest request, CancellationToken cancellation = default) =>
        SendAsync<CreatedApiKey>(HttpMethod.Post, $"/api/users/{Escape(id)}/keys", [], [], request, cancellation);

    /// <summary>Revokes an API key; for admins, and for the user.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task RevokeApiKeyAsync(long id, long keyId, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Delete, $"/api/users/{Escape(id)}/keys/{Escape(keyId)}", [], [], null, cancellation);

    /// <summary>The audit log: what people and their keys have changed, newest first. Everything that is given must hold.</summary>
    /// <exception cref="GopherFlowException">The server refused it, and says why.</exception>
    public Task<AuditLogPage> SearchAuditLogAsync(string? actor = null, string? action = null, string? targetKind = null, string? targetId = null, DateTimeOffset? @from = null, DateTimeOffset? @to = null, int? limit = null, string? cursor = null, CancellationToken cancellation = default) =>
        SendAsync<AuditLogPage>(HttpMethod.Get, $"/api/audit", [("actor", Text(actor)), ("action", Text(action)), ("targetKind", Text(targetKind)), ("targetId", Text(targetId)), ("from", Text(@from)), ("to", Text(@to)), ("limit", Text(limit)), ("cursor", Text(cursor))], [], null, cancellation);
}
