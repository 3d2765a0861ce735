using System.Reflection;
using System.Text.Json;

namespace GopherFlow.Settings;

/// <summary>The options of the engine. Set them in code, or let <see cref="EngineSettings"/> read them from the environment.</summary>
public sealed record EngineOptions
{
    /// <summary>
    /// Whether workflows run in this process. If false, the process can still create and change workflows, and other executors run them.
    /// Default: true.
    /// </summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The display name of this executor. Default: the name of the machine.</summary>
    public string ExecutorName { get; init; } = Environment.MachineName;

    /// <summary>
    /// The version of the application, shown in the list of executors. Default: the informational version of the entry assembly, without
    /// the commit; empty if there is none.
    /// </summary>
    public string ApplicationVersion { get; init; } = VersionOf(Assembly.GetEntryAssembly());

    /// <summary>The groups whose workflows this executor runs. Default: only "default".</summary>
    public IReadOnlyList<string> ExecutorGroups { get; init; } = ["default"];

    /// <summary>How many workflows this executor runs at the same time (its slots). Default: 256.</summary>
    public int ExecutorSize { get; init; } = 256;

    /// <summary>The maximum number of creates and steps in one transaction, and of workflows in one claim. Default: 512.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>How often the executor polls the store for due workflows when nothing else wakes it. Default: 3 seconds.</summary>
    public TimeSpan CheckDbInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How much longer a due workflow must have waited than one of the next higher priority in order to run first. This keeps low
    /// priorities from starving. Default: 1 minute.
    /// </summary>
    public TimeSpan PriorityStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the lease of an executor lasts after its last heartbeat. Default: 15 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often the executor looks for lost claims, and for leases that it does not know yet. Workflows of a dead executor are taken over
    /// the moment its lease expires, regardless of this interval. Default: 5 seconds.
    /// </summary>
    public TimeSpan StuckWorkflowsInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long running steps may continue after shutdown has begun. Default: 10 seconds.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one attempt of a state may take, unless the state sets its own timeout. <see cref="Timeout.InfiniteTimeSpan"/> means no
    /// timeout. Default: 5 minutes.
    /// </summary>
    public TimeSpan StateTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the OnCommit callbacks of one step may take. Default: 10 seconds.</summary>
    public TimeSpan OnCommitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many steps a workflow may make without waiting before it fails as an endless loop. 0 means no limit. Default: 1,000.
    /// </summary>
    public int StepsWithoutWait { get; init; } = 1_000;

    /// <summary>How many signals may be kept for one workflow. Further signals are rejected. Default: 1,000.</summary>
    public int SignalsLimit { get; init; } = 1_000;

    /// <summary>How many creates may wait to be written. Further creates are rejected. Default: 10,000.</summary>
    public int CreateQueue { get; init; } = 10_000;

    /// <summary>
    /// How long a create waits for a slot while no create gets one. After that, or after ten times as long in any case, the workflow is
    /// stored unclaimed, and any executor can claim it. Default: 100 milliseconds.
    /// </summary>
    public TimeSpan CreateWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum size of the variables of one workflow, in bytes of UTF-8 JSON. Default: 1 MiB.</summary>
    public int VariablesLimit { get; init; } = 1024 * 1024;

    /// <summary>
    /// How long FINISHED workflows are kept, unless their definition sets its own time. <see cref="TimeSpan.Zero"/> keeps them forever.
    /// Default: 30 days.
    /// </summary>
    public TimeSpan RetentionFinished { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long FAILED and ERROR workflows are kept, unless their definition sets its own time. <see cref="TimeSpan.Zero"/> keeps them
    /// forever. Default: 90 days.
    /// </summary>
    public TimeSpan RetentionFailed { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long CANCELLED workflows are kept, unless their definition sets its own time. <see cref="TimeSpan.Zero"/> keeps them forever.
    /// Default: 90 days.
    /// </summary>
    public TimeSpan RetentionCancelled { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a signal and its key are kept after a step has taken it. Until then, another signal with the same key is dropped.
    /// <see cref="TimeSpan.Zero"/> keeps it as long as its workflow. Default: 30 days.
    /// </summary>
    public TimeSpan RetentionSignals { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How many of the newest versions of a script are kept even if nothing uses them. 0 keeps all versions. Default: 10.
    /// </summary>
    public int RetentionScriptVersions { get; init; } = 10;

    /// <summary>How long entries of the audit log are kept. <see cref="TimeSpan.Zero"/> keeps them forever. Default: 365 days.</summary>
    public TimeSpan RetentionAudit { get; init; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How often this executor looks for expired data to delete. <see cref="TimeSpan.Zero"/> leaves it to other executors. Default: 1
    /// minute.
    /// </summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The serializer options for the values of variables, in C# and in F#. It is easier to call <c>ConfigureVariables</c> where you
    /// register the workflows. Default: null, which means camelCase names and enums by name.
    /// </summary>
    public JsonSerializerOptions? VariablesJson { get; init; }

    private static string VersionOf(Assembly? application) =>
        application?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "";
}
