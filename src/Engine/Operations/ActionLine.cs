using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>A line of a history as readable text, with the type, name and text of the Go system's entries.</summary>
/// <param name="Type">One of <see cref="ActionTypes"/>.</param>
/// <param name="Name">The subject, usually a state.</param>
/// <param name="Text">The text.</param>
public sealed record ActionLine(string Type, string Name, string Text)
{
    /// <summary>Converts a history entry to one or several lines.</summary>
    public static IReadOnlyList<ActionLine> Of(ActionRecord action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Of(action.Entry, action.WorkflowId);
    }

    /// <summary>Converts a history entry of a workflow to one or several lines.</summary>
    public static IReadOnlyList<ActionLine> Of(HistoryEntry entry, long workflowId)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return LinesOf(entry, workflowId);
    }

    private static ActionLine[] LinesOf(HistoryEntry entry, long workflowId) =>
        entry.Kind switch
        {
            HistoryKind.Created =>
            [
                new(ActionTypes.Created, entry.To, entry.Actor is { } by ? $"Created by {Describe(by)}" : "Created"),
                .. entry.Text is { } origin ? Line(ActionTypes.Log, entry.To, origin) : [],
            ],
            HistoryKind.Transition =>
            [
                .. Taken(entry),
                new(ActionTypes.Transition, From(entry), $"From {entry.From} to {entry.To}"),
                .. entry.Text is { } logged ? Line(ActionTypes.Log, entry.To, logged) : [],
                .. Rest(entry),
                .. Children(entry),
            ],
            HistoryKind.ContinuedAnew =>
            [
                .. Taken(entry),
                new(ActionTypes.ContinuedAnew, From(entry), $"Continues anew in {entry.To}"),
                .. entry.Text is { } logged ? Line(ActionTypes.Log, entry.To, logged) : [],
                .. Rest(entry),
                .. Children(entry),
            ],
            HistoryKind.AttemptFailed => [Error(entry, From(entry), entry.Error!.ToString()), After(entry, workflowId)],
            HistoryKind.Rejected => [Error(entry, entry.Error!.Type, entry.Error.Message)],
            HistoryKind.GivenUp => [new(ActionTypes.Failed, From(entry), entry.Error!.Message)],
            HistoryKind.Deferred => [Error(entry, entry.Error!.Type, entry.Error.Message), After(entry, workflowId)],
            HistoryKind.Arrived => [.. Taken(entry), .. Rest(entry)],
            HistoryKind.DeadlinePassed =>
            [
                new(ActionTypes.Deadline, From(entry), $"From {entry.From} to {entry.To}"),
                .. Rest(entry),
            ],
            HistoryKind.TakenOver => Line(
                ActionTypes.Repaired,
                From(entry),
                $"Repaired and scheduled, previous executor was: {Subject(entry)}"
            ),
            HistoryKind.ChildWoke => Line(ActionTypes.ChildWake, entry.Text ?? "", "Child Initiated Wake"),
            HistoryKind.Signalled => Line(ActionTypes.Signal, Subject(entry), $"Signal {Subject(entry)} {By(entry)}"),
            _ => [.. OfPerson(entry), .. Variables(entry)],
        };

    private static ActionLine[] OfPerson(HistoryEntry entry) =>
        entry.Kind switch
        {
            HistoryKind.VariablesChanged => [],
            HistoryKind.StateChanged => Line(
                ActionTypes.Log,
                From(entry),
                $"User Manually Changed State :{entry.To} {By(entry)}"
            ),
            HistoryKind.Placed => Line(ActionTypes.Log, From(entry), $"{Place(entry.Details!)} {By(entry)}"),
            HistoryKind.VersionMoved => Line(ActionTypes.Moved, From(entry), Move(entry, entry.Details!)),
            HistoryKind.Cancelled => Line(
                ActionTypes.Cancelled,
                From(entry),
                entry.Status == WorkflowStatus.Cancelled
                    ? $"Cancelled {By(entry)}"
                    : $"Cancelled, cleans up in {entry.To} {By(entry)}"
            ),
            HistoryKind.Paused => Line(ActionTypes.Paused, From(entry), Pause(entry)),
            HistoryKind.Resumed => Line(ActionTypes.Resumed, From(entry), $"Resumed {By(entry)}"),
            HistoryKind.Retried => Line(ActionTypes.Retried, From(entry), $"Retried at once {By(entry)}"),
            HistoryKind.RunAgain => Line(ActionTypes.RunAgain, From(entry), $"Runs again from {entry.To} {By(entry)}"),
            _ => throw new ArgumentException($"There are no words for {entry.Kind}.", nameof(entry)),
        };

    private static ActionLine[] Line(string type, string name, string text) => [new(type, name, text)];

    private static string From(HistoryEntry entry) => entry.From ?? entry.To;

    private static ActionLine Error(HistoryEntry entry, string name, string text) => new(ActionTypes.Error, name, text);

    /// <summary>The line for what follows a failed attempt.</summary>
    private static ActionLine After(HistoryEntry entry, long workflowId) =>
        entry.To != From(entry) ? new(ActionTypes.Transition, From(entry), $"From {entry.From} to {entry.To}")
        : !entry.Status.IsFinal() ? new(ActionTypes.Retry, From(entry), $"Retry at {InstantOf(entry.Due)}")
        : entry.Details?.IsNotRetryable == true ? new(ActionTypes.Failed, From(entry), "The error is not retryable")
        : new(
            ActionTypes.Failed,
            From(entry),
            $"Max retry count reached for workflow id:{workflowId} count :{entry.RetryCount}"
        );

    private static ActionLine[] Taken(HistoryEntry entry) =>
        entry.Cause is null ? [] : Line(ActionTypes.SignalTaken, Subject(entry), $"Signal {Subject(entry)} taken");

    /// <summary>The line for what the workflow waits for, or for its end.</summary>
    private static ActionLine[] Rest(HistoryEntry entry) =>
        entry.Status switch
        {
            WorkflowStatus.Executing => [],
            WorkflowStatus.Waiting => Line(ActionTypes.End, entry.To, $"waits for a person{OrDeadline(entry)}"),
            WorkflowStatus.InProgress => Line(
                ActionTypes.ScheduleActivation,
                entry.To,
                $"{WaitsFor(entry)}{OrDeadline(entry)}"
            ),
            _ => Line(ActionTypes.End, entry.To, "workflow complete"),
        };

    private static string WaitsFor(HistoryEntry entry) =>
        entry.Details switch
        {
            { AwaitsChildren: true } => "when the children have finished",
            { AwaitedSignals: { } signals } => $"when signalled: {string.Join(" or ", signals)}",
            _ => InstantOf(entry.Due),
        };

    private static string OrDeadline(HistoryEntry entry) =>
        entry.Details?.DeadlineState is { } state ? $", or {state} at {InstantOf(entry.Due)}" : "";

    private static IEnumerable<ActionLine> Children(HistoryEntry entry) =>
        entry.Details?.Children is { } children
            ? children.Select(child => new ActionLine(
                ActionTypes.ChildCreated,
                entry.To,
                child.Value == 1
                    ? $"Created a child workflow of type {child.Key}"
                    : $"Created {child.Value} child workflows of type {child.Key}"
            ))
            : [];

    private static IEnumerable<ActionLine> Variables(HistoryEntry entry)
    {
        if (entry.Changes is null)
        {
            return [];
        }

        var trace = VariableTrace.Parse(entry.Changes);
        return
        [
            .. trace
                .Set.Keys.Concat(trace.Omitted)
                .Select(name => new ActionLine(ActionTypes.Log, entry.To, $"Updated state var: {name} {By(entry)}")),
            .. trace.Removed.Select(name => new ActionLine(
                ActionTypes.Log,
                entry.To,
                $"Removed state var: {name} {By(entry)}"
            )),
        ];
    }

    private static string Pause(HistoryEntry entry) =>
        entry.ByExecutor ? "Paused"
        : entry.Status == WorkflowStatus.Paused ? $"Paused {By(entry)}"
        : $"To be paused when its step has ended {By(entry)}";

    private static string Place(HistoryDetails details) =>
        details switch
        {
            { Priority: { } priority, ExecutorGroup: { } group } => $"Priority {priority}, executor group {group}",
            { Priority: { } priority } => $"Priority {priority}",
            _ => $"Executor group {details.ExecutorGroup}",
        };

    private static string Move(HistoryEntry entry, HistoryDetails details)
    {
        var versions = $"From version {details.FromVersion} to {details.ToVersion}";
        return entry.From == entry.To ? $"{versions} {By(entry)}" : $"{versions}, state {entry.To} {By(entry)}";
    }

    private static string By(HistoryEntry entry) =>
        $"(by {Describe(entry.Actor ?? "")}{(entry.Details?.IsForced == true ? ", forced" : "")})";

    /// <summary>The display name of an actor, such as "workflow 5" for <c>workflow:5</c>.</summary>
    private static string Describe(string actor) =>
        actor.Split(':', 2) is ["workflow" or "job" or "schedule" or "key", var name]
            ? $"{actor[..^(name.Length + 1)]} {name}"
            : actor;

    /// <summary>The part of the cause after the colon.</summary>
    private static string Subject(HistoryEntry entry) => entry.Cause?[(entry.Cause.IndexOf(':') + 1)..] ?? "";

    private static string InstantOf(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture) ?? "";
}
