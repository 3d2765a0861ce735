using System.Diagnostics.Metrics;

namespace GopherFlow.Telemetry;

/// <summary>
/// The counters and histograms of one executor, under the meter "GopherFlow". Labels are types, states, statuses and roles, never ids.
/// Values that no listener collects are not measured.
/// </summary>
internal sealed class EngineMetrics : IDisposable
{
    private static readonly InstrumentAdvice<double> StepBuckets = Buckets([
        0.001,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
        300,
    ]);

    private static readonly InstrumentAdvice<double> LagBuckets = Buckets([
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
        300,
        1800,
    ]);

    private static readonly InstrumentAdvice<double> CallBuckets = Buckets([
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
    ]);

    private static readonly InstrumentAdvice<int> MemberBuckets = new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    };

    private readonly Counter<long> created;
    private readonly Counter<long> ended;
    private readonly Counter<long> steps;
    private readonly Counter<long> dropped;
    private readonly Counter<long> roleFailures;
    private readonly Histogram<double> stepDuration;
    private readonly Histogram<double> lag;
    private readonly Histogram<double> callDuration;
    private readonly Counter<long> callErrors;

    /// <summary>Creates the instruments of one executor.</summary>
    /// <param name="meters">Creates the meter and disposes it with the application; null outside of an application.</param>
    public EngineMetrics(IMeterFactory? meters = null)
    {
        Meter = meters?.Create(EngineTelemetry.Name) ?? new Meter(EngineTelemetry.Name);
        created = Meter.CreateCounter<long>("gopherflow.workflows.created", "{workflow}", "Workflows created");
        ended = Meter.CreateCounter<long>(
            "gopherflow.workflows.ended",
            "{workflow}",
            "Workflows that a step has ended"
        );
        steps = Meter.CreateCounter<long>("gopherflow.steps", "{step}", "Steps committed, by how they ended");
        dropped = Meter.CreateCounter<long>(
            "gopherflow.steps.dropped",
            "{step}",
            "Steps that were dropped without a commit"
        );
        stepDuration = Meter.CreateHistogram(
            "gopherflow.step.duration",
            "s",
            "How long the functions of states ran",
            tags: null,
            StepBuckets
        );
        lag = Meter.CreateHistogram(
            "gopherflow.claim.lag",
            "s",
            "The time between the due instant of workflows and their claim",
            tags: null,
            LagBuckets
        );
        BatchSize = Meter.CreateHistogram(
            "gopherflow.commit.batch_size",
            "{member}",
            "Creates and steps in one transaction",
            tags: null,
            MemberBuckets
        );
        callDuration = Meter.CreateHistogram(
            "gopherflow.database.duration",
            "s",
            "How long calls to the database took, by operation",
            tags: null,
            CallBuckets
        );
        callErrors = Meter.CreateCounter<long>(
            "gopherflow.database.errors",
            "{error}",
            "Calls to the database that failed, including those that are retried"
        );
        roleFailures = Meter.CreateCounter<long>("gopherflow.role.failures", "{failure}", "Restarts of failed roles");
        LeasesLost = Meter.CreateCounter<long>(
            "gopherflow.leases.lost",
            "{lease}",
            "Leases that this executor has lost"
        );
        Repaired = Meter.CreateCounter<long>(
            "gopherflow.workflows.repaired",
            "{workflow}",
            "Workflows that this executor has taken over from dead executors"
        );
        Deleted = Meter.CreateCounter<long>(
            "gopherflow.workflows.deleted",
            "{workflow}",
            "Workflows deleted because their retention time had passed"
        );
        CreatesRefused = Meter.CreateCounter<long>(
            "gopherflow.creates.refused",
            "{workflow}",
            "Creates refused because too many were waiting"
        );
    }

    /// <summary>Whether a listener collects the measurements of database calls.</summary>
    public bool MeasuresDatabase => callDuration.Enabled || callErrors.Enabled;

    /// <summary>The meter, to which gauges can be added.</summary>
    public Meter Meter { get; }

    /// <summary>How many members (creates and steps) each transaction of the committer has.</summary>
    public Histogram<int> BatchSize { get; }

    /// <summary>Counts leases that the executor has lost.</summary>
    public Counter<long> LeasesLost { get; }

    /// <summary>Counts workflows taken over from dead executors.</summary>
    public Counter<long> Repaired { get; }

    /// <summary>Counts workflows deleted because their retention time had passed.</summary>
    public Counter<long> Deleted { get; }

    /// <summary>Counts creates that were refused because the queue was full.</summary>
    public Counter<long> CreatesRefused { get; }

    /// <summary>Initializes counters with 0, so monitoring sees the first event as an increase.</summary>
    public void Begin()
    {
        LeasesLost.Add(0);
        Repaired.Add(0);
        Deleted.Add(0);
        CreatesRefused.Add(0);
        dropped.Add(0, Tag("reason", "lease_lost"));
        dropped.Add(0, Tag("reason", "cancelled"));
        foreach (var operation in (string[])["write", "claim", "heartbeat", "repair"])
        {
            callErrors.Add(0, Tag("operation", operation));
        }
    }

    /// <summary>Initializes the failure counter of a role with 0.</summary>
    public void RoleBegins(string role) => roleFailures.Add(0, Tag("role", role));

    /// <summary>Records that a role has failed and restarts.</summary>
    public void RoleFailed(string role) => roleFailures.Add(1, Tag("role", role));

    /// <summary>Whether a listener collects how many workflows are created.</summary>
    public bool CountsCreated => created.Enabled;

    /// <summary>Records that a workflow was created.</summary>
    public void Created(string workflowType) => created.Add(1, Tag("workflow_type", workflowType));

    /// <summary>Records how late after its due instant a workflow was claimed.</summary>
    public void Claimed(string workflowType, TimeSpan lateness) =>
        lag.Record(Math.Max(0, lateness.TotalSeconds), Tag("workflow_type", workflowType));

    /// <summary>Records that a step was committed.</summary>
    /// <param name="workflowType">The type of its workflow.</param>
    /// <param name="state">The state that it ran.</param>
    /// <param name="outcome">How it ended.</param>
    public void StepCommitted(string workflowType, string state, string outcome) =>
        steps.Add(1, Tag("workflow_type", workflowType), Tag("state", state), Tag("outcome", outcome));

    /// <summary>Records how long the function of a state ran.</summary>
    public void FunctionRan(string workflowType, string state, TimeSpan duration) =>
        stepDuration.Record(duration.TotalSeconds, Tag("workflow_type", workflowType), Tag("state", state));

    /// <summary>Records that a step has ended its workflow.</summary>
    public void Ended(string workflowType, string status) =>
        ended.Add(1, Tag("workflow_type", workflowType), Tag("status", status));

    /// <summary>Records that a step was dropped because its lease was lost.</summary>
    public void StepLostLease() => dropped.Add(1, Tag("reason", "lease_lost"));

    /// <summary>Records that a step was cancelled.</summary>
    public void StepCancelled() => dropped.Add(1, Tag("reason", "cancelled"));

    /// <summary>Records the duration of a database call, and whether it failed.</summary>
    public void DatabaseCalled(string operation, TimeSpan duration, bool failed)
    {
        callDuration.Record(duration.TotalSeconds, Tag("operation", operation));
        if (failed)
        {
            callErrors.Add(1, Tag("operation", operation));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static InstrumentAdvice<double> Buckets(double[] bounds) => new() { HistogramBucketBoundaries = bounds };
}
