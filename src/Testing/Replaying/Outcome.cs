using System.Text.Json.Nodes;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Testing.Replaying;

/// <summary>How a workflow waits after a step. The exact instant is left out, because it depends on the clock.</summary>
internal enum Wait
{
    AtOnce,
    Later,
    ForChildren,
    ForSignal,
}

/// <summary>The comparable outcome of a step.</summary>
internal sealed record Outcome
{
    /// <summary>The target; null when the step fails.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the target is not declared in the definition.</summary>
    public bool IsUndeclared { get; init; }

    /// <summary>The error that is not retryable; null when the step continues.</summary>
    public string? Failure { get; init; }

    public Wait Wait { get; init; }

    /// <summary>The signals that it waits for, one per line.</summary>
    public string Signals { get; init; } = "";

    /// <summary>The state that it goes to when the wait times out, or null.</summary>
    public string? Deadline { get; init; }

    /// <summary>How many children of each type it creates.</summary>
    public string Children { get; init; } = "";

    /// <summary>Whether it closes the history and continues anew.</summary>
    public bool BeginsAnew { get; init; }

    /// <summary>The recorded outcome of a step.</summary>
    public static Outcome Of(RunEntry entry) =>
        HistoryKindNames.Parse(entry.Kind) switch
        {
            HistoryKind.Rejected => new Outcome { IsUndeclared = true },
            HistoryKind.AttemptFailed => new Outcome { Failure = $"{entry.Error?.Type}" },
            var kind => new Outcome
            {
                Target = entry.To,
                Wait = WaitOf(entry),
                Signals = Lines(entry.Details?.AwaitedSignals ?? []),
                Deadline = entry.Details?.DeadlineState,
                Children = Counts(entry.Details?.Children ?? new Dictionary<string, int>()),
                BeginsAnew = kind == HistoryKind.ContinuedAnew,
            },
        };

    /// <summary>The outcome of a state function with the current code.</summary>
    public static Outcome Of(
        WorkflowDefinition definition,
        StateDefinition state,
        NextState next,
        DateTimeOffset now
    ) =>
        (next.Undoing != Undoing.Undone && !state.GoesTo.Contains(next.WhenUndone ?? next.Target))
        || !definition.TryFind(next.Target, out _)
            ? new Outcome { Target = next.Target, IsUndeclared = true }
            : new Outcome
            {
                Target = next.Target,
                Wait = WaitOf(next.Activation, now),
                Signals = Lines(next.AwaitedSignals),
                Deadline = next.Deadline?.State,
                Children = Counts(next.Children.CountBy(child => child.WorkflowType).ToDictionary()),
                BeginsAnew = next.Beginning is not null,
            };

    /// <summary>
    /// Whether this equals the recorded outcome. Deadlines are compared only if the workflow waited, because otherwise the history does not
    /// contain them.
    /// </summary>
    public bool IsSameAs(Outcome recorded, bool hasWaited) =>
        recorded.IsUndeclared
            ? IsUndeclared
            : this with { Deadline = null } == recorded with { Deadline = null }
                && (!hasWaited || Deadline == recorded.Deadline);

    /// <summary>The end of a sentence that starts with "it goes".</summary>
    public override string ToString() =>
        Failure is not null ? $"nowhere: it throws {Failure}"
        : IsUndeclared && Target is null ? "to a state that is not declared"
        : IsUndeclared ? $"to '{Target}', which is not declared"
        : $"to '{Target}' {WaitText()}"
            + (Deadline is not null ? $", or to '{Deadline}' at the deadline" : "")
            + (Children.Length > 0 ? $", with children {Children}" : "")
            + (BeginsAnew ? ", continuing anew" : "");

    private string WaitText() =>
        Wait switch
        {
            Wait.AtOnce => "at once",
            Wait.Later => "later",
            Wait.ForChildren => "when the children have finished",
            _ => $"when signalled {Signals.Replace("\n", " or ")}",
        };

    private static Wait WaitOf(RunEntry entry) =>
        entry.Details switch
        {
            { AwaitsChildren: true } => Wait.ForChildren,
            { AwaitedSignals.Count: > 0 } => Wait.ForSignal,
            { DeadlineState: not null } => Wait.AtOnce,
            _ => entry.Due is null ? Wait.AtOnce : Wait.Later,
        };

    private static Wait WaitOf(Activation activation, DateTimeOffset now) =>
        activation.Kind switch
        {
            ActivationKind.WhenChildrenFinished => Wait.ForChildren,
            ActivationKind.WhenSignalled => Wait.ForSignal,
            ActivationKind.At when activation.Instant > now => Wait.Later,
            ActivationKind.After when activation.Delay > TimeSpan.Zero => Wait.Later,
            _ => Wait.AtOnce,
        };

    private static string Lines(IEnumerable<string> names) => string.Join('\n', names.Order(StringComparer.Ordinal));

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        string.Join(
            ", ",
            counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key}: {count.Value}")
        );
}

/// <summary>The result of replaying a step.</summary>
/// <param name="Outcome">The outcome to compare.</param>
/// <param name="Variables">The variables after the step, or null if it failed.</param>
/// <param name="Output">The workflow result that it returns, or null.</param>
internal sealed record Replayed(Outcome Outcome, JsonObject? Variables, JsonNode? Output);
