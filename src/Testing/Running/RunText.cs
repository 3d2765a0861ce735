using System.Globalization;
using System.Text;
using GopherFlow.Authoring;
using GopherFlow.Rules;

namespace GopherFlow.Testing.Running;

/// <summary>Describes the status of a workflow.</summary>
internal static class RunText
{
    private const int MostVisits = 30;
    private const int LongestError = 200;

    /// <summary>Its status as a clause that starts with "it".</summary>
    public static string Standing(WorkflowRecord workflow) =>
        workflow.Status.IsFinal()
            ? $"it ended as {workflow.Status.ToName()} in '{workflow.State}'{Because(workflow)}"
            : $"it is in '{workflow.State}' and {Rest(workflow)}";

    /// <summary>What the workflow is doing or waiting for.</summary>
    public static string Rest(WorkflowRecord workflow) =>
        workflow switch
        {
            { Status: var status } when status.IsFinal() => status.ToName(),
            { Status: WorkflowStatus.Paused } => "is paused",
            { Status: WorkflowStatus.Waiting } => $"waits for a person{OrDeadline(workflow)}",
            { Status: WorkflowStatus.Executing } => "runs",
            { AwaitedSignals: { } signals } =>
                $"waits for the signal {string.Join(" or ", signals.All.Select(name => $"'{name}'"))}{OrDeadline(workflow)}",
            { AwaitsChildren: true } => $"waits for {Count(workflow.OpenChildren)}{OrDeadline(workflow)}",
            { NextActivation: { } due, LastError: not null } => $"is retried at {Instant(due)}",
            { NextActivation: { } due } => $"is due at {Instant(due)}",
            _ => "waits",
        };

    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture);

    /// <summary>The visits, one per line, each followed by its errors.</summary>
    public static string Path(IReadOnlyList<FlowVisit> visits)
    {
        var left = Math.Max(0, visits.Count - MostVisits);
        var text = new StringBuilder();
        if (left > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    ... {left} before");
        }

        foreach (var (index, visit) in visits.Index().Skip(left))
        {
            text.Append(CultureInfo.InvariantCulture, $"{index + 1, 5}  {Instant(visit.Entered)}  {visit.State}");
            text.AppendLine(
                (visit.Attempts > 1 ? $"  ({visit.Attempts} attempts)" : "")
                    + (visit.MovedBy is { } mover ? $"  (moved by {mover})" : "")
            );
            foreach (var error in visit.Errors)
            {
                text.AppendLine($"         {Shortened(error)}");
            }
        }

        return text.ToString().TrimEnd();
    }

    private static string Because(WorkflowRecord workflow) =>
        workflow.LastError is { } error ? $": {Shortened(error)}" : "";

    private static string OrDeadline(WorkflowRecord workflow) =>
        workflow is { DeadlineState: { } state, NextActivation: { } due } ? $", or '{state}' at {Instant(due)}" : "";

    private static string Count(int children) => children == 1 ? "a child" : $"{children} children";

    private static string Shortened(string error)
    {
        var line = error.ReplaceLineEndings(" ");
        return line.Length <= LongestError ? line : $"{line[..LongestError]}...";
    }
}
