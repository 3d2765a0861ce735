using System.Text.Json.Nodes;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;

namespace GopherFlow.Testing.Replaying;

/// <summary>When a workflow continues, without the instant: that depends on the clock.</summary>
internal enum Wait
{
    AtOnce,
    Later,
    ForChildren,
    ForSignal,
}

/// <summary>Where a step goes, as far as it can be compared.</summary>
internal sealed record Outcome
{
    /// <summary>The target; null when the step fails.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the definition does not lead there.</summary>
    public bool IsUndeclared { get; init; }

    /// <summary>What it throws that is not tried again; null when it continues.</summary>
    public string? Failure { get; init; }

    public Wait Wait { get; init; }

    /// <summary>The signals that it waits for, on lines of their own.</summary>
    public string Signals { get; init; } = "";

    /// <summary>Where it goes when nobody comes in time, or null.</summary>
    public string? Deadline { get; init; }

    /// <summary>How many children of each type it creates.</summary>
    public string Children { get; init; } = "";

    /// <summary>Whether it begins anew with other variables.</summary>
    public bool BeginsAnew { get; init; }

    /// <summary>What the history says of a step.</summary>
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

    /// <summary>What a state function says now.</summary>
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

    /// <summary>Whether this is what it was. A deadline is in the history only when there was something to wait for.</summary>
    public bool IsSameAs(Outcome recorded, bool hasWaited) =>
        recorded.IsUndeclared
            ? IsUndeclared
            : this with { Deadline = null } == recorded with { Deadline = null }
                && (!hasWaited || Deadline == recorded.Deadline);

    /// <summary>As the end of a sentence that begins with "it goes".</summary>
    public override string ToString() =>
        Failure is not null ? $"nowhere, for it throws {Failure}"
        : IsUndeclared && Target is null ? "to a state that is not declared"
        : IsUndeclared ? $"to '{Target}', which is not declared"
        : $"to '{Target}' {WaitText()}"
            + (Deadline is not null ? $", or to '{Deadline}' if nobody comes" : "")
            + (Children.Length > 0 ? $", with children {Children}" : "")
            + (BeginsAnew ? ", beginning anew" : "");

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

/// <summary>What came of a step that was run again.</summary>
/// <param name="Outcome">Where it goes.</param>
/// <param name="Variables">The variables after it.</param>
/// <param name="Output">The result that it gives, or null.</param>
internal sealed record Replayed(Outcome Outcome, JsonObject? Variables, JsonNode? Output);
