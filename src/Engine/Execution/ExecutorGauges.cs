using System.Diagnostics.Metrics;
using GopherFlow.Settings;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>Gauges of an executor and of its backlog, read when metrics are collected.</summary>
internal static class ExecutorGauges
{
    /// <summary>Adds the gauges of the process.</summary>
    public static void AddProcess(
        Meter meter,
        EngineOptions options,
        RunningWorkflows running,
        Committer committer,
        Admission admission,
        ChangeFeed feed,
        EngineHealth health
    )
    {
        meter.CreateObservableGauge(
            "gopherflow.executor.slots",
            () => options.IsEnabled ? options.ExecutorSize : 0,
            "{slot}",
            "How many workflows the executor may run at once"
        );
        meter.CreateObservableGauge(
            "gopherflow.executor.running",
            () => running.Claims.Count,
            "{workflow}",
            "Workflows that run now"
        );
        meter.CreateObservableGauge(
            "gopherflow.functions.held",
            () => running.Held,
            "{function}",
            "Functions and OnCommit callbacks that have not returned after their attempt ended; each holds a slot and possibly a thread"
        );
        meter.CreateObservableGauge(
            "gopherflow.commits.waiting",
            () => committer.Waiting,
            "{member}",
            "Creates and steps that wait for their transaction"
        );
        meter.CreateObservableGauge(
            "gopherflow.creates.waiting",
            () => admission.Waiting,
            "{workflow}",
            "Creates that are not yet answered"
        );
        meter.CreateObservableGauge(
            "gopherflow.feed.listeners",
            () => feed.Listeners,
            "{listener}",
            "Listeners for changes in this process"
        );
        meter.CreateObservableGauge(
            "gopherflow.health",
            () =>
                health.Checks.Select(check => new Measurement<int>(
                    check.Trouble is null ? 1 : 0,
                    new KeyValuePair<string, object?>("check", check.Name)
                )),
            unit: null,
            "1 if a readiness check passes, 0 if it fails"
        );
    }

    /// <summary>Adds the gauges of the database.</summary>
    public static void AddDatabase(Meter meter, Backlog backlog)
    {
        meter.CreateObservableGauge(
            "gopherflow.workflows",
            () =>
                Look(backlog)
                    .SelectMany(seen => seen.Workflows)
                    .Select(standing => new Measurement<long>(
                        standing.Count,
                        new KeyValuePair<string, object?>("workflow_type", standing.WorkflowType),
                        new KeyValuePair<string, object?>("status", standing.Status)
                    )),
            "{workflow}",
            "Workflows in the database, by type and status"
        );
        meter.CreateObservableGauge(
            "gopherflow.due.oldest",
            () =>
                Look(backlog)
                    .SelectMany(seen => seen.Due)
                    .Select(oldest => new Measurement<double>(
                        backlog.Since(oldest.Due).TotalSeconds,
                        new KeyValuePair<string, object?>("workflow_type", oldest.WorkflowType),
                        new KeyValuePair<string, object?>("executor_group", oldest.ExecutorGroup)
                    )),
            "s",
            "How long the oldest due workflow has been waiting for a claim; 0 if nothing is due"
        );
        meter.CreateObservableGauge(
            "gopherflow.permits.waiting",
            () =>
                Look(backlog)
                    .SelectMany(seen => seen.Waiting)
                    .Select(wait => new Measurement<long>(wait.Count, TagsOf(wait))),
            "{workflow}",
            "Workflows that are due and wait for a permit of a limit"
        );
        meter.CreateObservableGauge(
            "gopherflow.permits.oldest",
            () =>
                Look(backlog)
                    .SelectMany(seen => seen.Waiting)
                    .Select(wait => new Measurement<double>(backlog.Since(wait.FirstDue).TotalSeconds, TagsOf(wait))),
            "s",
            "How long the first of the workflows that wait for a permit has been due"
        );
        meter.CreateObservableGauge(
            "gopherflow.executors.alive",
            () => Look(backlog).Select(seen => new Measurement<int>(seen.ExecutorsAlive)),
            "{executor}",
            "Executors with a valid lease, in all processes on the database"
        );
    }

    private static KeyValuePair<string, object?>[] TagsOf(Backlog.PermitWait wait) =>
        [new("workflow_type", wait.WorkflowType), new("state", wait.State)];

    /// <summary>The last result of the backlog. A scrape over HTTP has already refreshed it, so this does not wait.</summary>
    private static IEnumerable<Backlog.Seen> Look(Backlog backlog) => backlog.Look() is { } seen ? [seen] : [];
}
