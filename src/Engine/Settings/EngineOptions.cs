using System.Reflection;
using System.Text.Json;

namespace GopherFlow.Settings;

/// <summary>How the engine runs. Read from the environment by <see cref="EngineSettings"/>, or set in code.</summary>
public sealed record EngineOptions
{
    /// <summary>
    /// Whether workflows run in this process. If not, it still creates and changes them, and executors elsewhere run them. Default: true.
    /// </summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>What people call this executor. Default: the name of the machine.</summary>
    public string ExecutorName { get; init; } = Environment.MachineName;

    /// <summary>
    /// The version of the application, which the list of executors shows. Default: the informational version of the entry assembly, without
    /// the commit; empty when there is none.
    /// </summary>
    public string ApplicationVersion { get; init; } = VersionOf(Assembly.GetEntryAssembly());

    /// <summary>The groups that this executor serves. Default: "default" alone.</summary>
    public IReadOnlyList<string> ExecutorGroups { get; init; } = ["default"];

    /// <summary>How many workflows run at once. Default: 256.</summary>
    public int ExecutorSize { get; init; } = 256;

    /// <summary>The most members of one transaction, and the most workflows in one claim. Default: 512.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>How often the store is asked for due workflows when nothing else wakes the executor. Default: 3 seconds.</summary>
    public TimeSpan CheckDbInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How much longer than a due workflow of the next better priority one must have waited to go first; so none waits for ever. Default: 1
    /// minute.
    /// </summary>
    public TimeSpan PriorityStep { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an executor counts as alive after its last heartbeat. Default: 15 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often the executor looks for forgotten claims, and for leases that it has not seen before. What a dead executor held is taken over the
    /// moment its lease is over, whatever this is. Default: 5 seconds.
    /// </summary>
    public TimeSpan StuckWorkflowsInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long running steps may continue after a stop is asked for. Default: 10 seconds.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one attempt of a state may take that has no timeout of its own; <see cref="Timeout.InfiniteTimeSpan"/> is no limit.
    /// Default: 5 minutes.
    /// </summary>
    public TimeSpan StateTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the OnCommit callbacks of one step may take. Default: 10 seconds.</summary>
    public TimeSpan OnCommitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many steps a workflow may make without ever waiting before it fails as an endless loop; 0 is no limit. Default: 1,000.
    /// </summary>
    public int StepsWithoutWait { get; init; } = 1_000;

    /// <summary>How many signals may be kept for one workflow; further ones are refused. Default: 1,000.</summary>
    public int SignalsLimit { get; init; } = 1_000;

    /// <summary>How many creates may wait to be written; further ones are refused. Default: 10,000.</summary>
    public int CreateQueue { get; init; } = 10_000;

    /// <summary>
    /// How long no slot may become free before the workflow of a create is stored for any executor to claim; a create waits at most ten
    /// times as long. Default: 100 milliseconds.
    /// </summary>
    public TimeSpan CreateWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How large the variables of one workflow may be, in bytes of their JSON as UTF-8. Default: 1 MiB.</summary>
    public int VariablesLimit { get; init; } = 1024 * 1024;

    /// <summary>
    /// How long a FINISHED workflow is kept whose definition says nothing of it; <see cref="TimeSpan.Zero"/> is for ever. Default: 30
    /// days.
    /// </summary>
    public TimeSpan RetentionFinished { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The same of one that is FAILED or ERROR. Default: 90 days.</summary>
    public TimeSpan RetentionFailed { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The same of one that is CANCELLED. Default: 90 days.</summary>
    public TimeSpan RetentionCancelled { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a signal is kept after a step has taken it, and with it its key, which makes a second one count for nothing;
    /// <see cref="TimeSpan.Zero"/> is as long as its workflow. Default: 30 days.
    /// </summary>
    public TimeSpan RetentionSignals { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How many of the newest versions of a script are kept although nothing uses them; 0 keeps all versions. Default: 10.
    /// </summary>
    public int RetentionScriptVersions { get; init; } = 10;

    /// <summary>How long an entry of the audit log is kept; <see cref="TimeSpan.Zero"/> is for ever. Default: 365 days.</summary>
    public TimeSpan RetentionAudit { get; init; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How often what has been kept long enough is looked for; with <see cref="TimeSpan.Zero"/> this executor leaves that to others.
    /// Default: 1 minute.
    /// </summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How the values of variables become JSON, in C# and in F#; <c>ConfigureVariables</c> where workflows are added is the short way to
    /// set it. Default: null, which is camelCase names and enums by name.
    /// </summary>
    public JsonSerializerOptions? VariablesJson { get; init; }

    private static string VersionOf(Assembly? application) =>
        application?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "";
}
