using System.Text.Json.Nodes;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Settings;
using GopherFlow.Testing.Running;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing.Replaying;

/// <summary>One replay: walks through a history, runs each step, and collects the differences.</summary>
internal sealed class ReplayCourse
{
    private readonly RunExport export;
    private readonly WorkflowDefinition definition;
    private readonly IServiceProvider services;
    private readonly ReplayOptions options;
    private readonly FlowJson json;
    private readonly StepFeed feed;
    private readonly JsonObject given;
    private readonly RecordedVariables variables = new();
    private readonly List<ReplayDifference> differences = [];
    private readonly List<ReplayGap> gaps = [];
    private bool awaitsSignal;
    private int compared;

    public ReplayCourse(
        RunExport export,
        WorkflowDefinition definition,
        IServiceProvider services,
        ReplayOptions options
    )
    {
        (this.export, this.definition, this.services, this.options) = (export, definition, services, options);
        json = new FlowJson(services.GetService<EngineOptions>()?.VariablesJson);
        feed = new StepFeed(export, definition.Name, json);
        given = json.ObjectOf(options.Known);
    }

    public async Task<ReplayReport> RunAsync()
    {
        var last = export.Entries.LastOrDefault(IsStep);
        foreach (var entry in export.Entries)
        {
            if (IsStep(entry))
            {
                await CompareAsync(entry, isLast: entry == last).ConfigureAwait(false);
                awaitsSignal = AwaitsSignalAfter(entry);
            }
            else
            {
                variables.Pass(entry);
            }
        }

        return new ReplayReport(compared, differences, gaps, DetailsOf);
    }

    /// <summary>
    /// Whether the next attempt receives a signal. After a permanent failure the next attempt gets the same signal as the failed step.
    /// </summary>
    private bool AwaitsSignalAfter(RunEntry entry) =>
        HistoryKindNames.Parse(entry.Kind) is HistoryKind.Transition or HistoryKind.ContinuedAnew
            ? entry.Details is { AwaitedSignals.Count: > 0 }
            : awaitsSignal;

    /// <summary>
    /// Whether an entry is a step to compare. Retried attempts are left out, because they reflect external systems rather than the code.
    /// </summary>
    private static bool IsStep(RunEntry entry) =>
        HistoryKindNames.Parse(entry.Kind) switch
        {
            HistoryKind.Transition or HistoryKind.ContinuedAnew => true,
            HistoryKind.Rejected => entry.Error?.Type == "Invalid Transition",
            HistoryKind.AttemptFailed => entry.Details?.IsNotRetryable == true,
            _ => false,
        };

    private async Task CompareAsync(RunEntry entry, bool isLast)
    {
        var state = entry.From!;
        var recorded = Outcome.Of(entry);
        try
        {
            ThrowIfUnknown(entry);
            var before = variables.With(given);
            variables.Pass(entry);
            var now = await RunStepAsync(entry, before).ConfigureAwait(false);
            compared++;
            var changed = now.Variables is { } after && recorded.Target is not null ? DifferencesOf(after) : [];
            if (isLast && export.Output is { } output)
            {
                changed = [.. changed, .. ResultDifference(JsonNode.Parse(output.GetRawText()), now.Output)];
            }

            if (!now.Outcome.IsSameAs(recorded, HasWaited(entry)) || changed.Count > 0)
            {
                Differ(entry, recorded, $"{now.Outcome}", changed);
            }
        }
        catch (NotComparableException reason)
        {
            variables.Pass(entry);
            gaps.Add(new ReplayGap(entry.Id, entry.Step, state, reason.Message));
        }
    }

    private void ThrowIfUnknown(RunEntry entry)
    {
        // Only a step that succeeds consumes its signal, and the history contains only consumed signals.
        if (awaitsSignal && entry.Cause is null)
        {
            throw new NotComparableException("the history does not say which signal it was given");
        }

        if (!variables.HasBegun)
        {
            throw new NotComparableException("the history does not go back to the beginning");
        }

        var missing = variables.Unknown.Where(name => !given.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw new NotComparableException(
                $"the history does not keep the value of {string.Join(", ", missing.Select(name => $"'{name}'"))}"
            );
        }
    }

    private async Task<Replayed> RunStepAsync(RunEntry entry, JsonObject before)
    {
        if (!definition.TryFind(entry.From!, out var state) || state.Function is null)
        {
            return new Replayed(new Outcome { Failure = "an error: no such state has a function" }, null, null);
        }

        var run = new StepRun(entry.At - TimeSpan.FromSeconds(entry.DurationSeconds ?? 0));
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        var step = feed.ContextOf(entry, before, feed.SignalOf(entry), run.Clock, scope.ServiceProvider);
        try
        {
            var next = await run.RunAsync(state.Function, step, options.RealTimeout).ConfigureAwait(false);
            return new Replayed(
                Outcome.Of(definition, state, next, run.Clock.GetUtcNow()),
                JsonNode.Parse((next.Beginning ?? step.Variables).ToJson())!.AsObject(),
                next.Output is { } output ? JsonNode.Parse(output.ToJson(json.Options)) : null
            );
        }
        catch (Exception failure) when (failure is not NotComparableException)
        {
            return new Replayed(FailureOf(entry, failure), null, null);
        }
    }

    private static Outcome FailureOf(RunEntry entry, Exception failure) =>
        new()
        {
            Failure =
                entry.Error?.Type is { } type && (type == failure.GetType().Name || type == failure.GetType().FullName)
                    ? type
                    : $"{failure.GetType().Name}: {failure.Message}",
        };

    private List<string> DifferencesOf(JsonObject after)
    {
        var expected = variables.With([]);
        foreach (var name in variables.Unknown.Concat(options.Ignored))
        {
            expected.Remove(name);
            after.Remove(name);
        }

        return [.. FlowJson.Differences(expected, after)];
    }

    private static IEnumerable<string> ResultDifference(JsonNode? expected, JsonNode? actual) =>
        JsonNode.DeepEquals(expected, actual)
            ? []
            : [$"result: expected {FlowJson.Shown(expected)}, got {FlowJson.Shown(actual)}"];

    /// <summary>Whether the workflow waited, so that the history would contain a deadline.</summary>
    private static bool HasWaited(RunEntry entry) =>
        entry.Details?.DeadlineState is not null
        || entry.Status == "WAITING"
        || (entry.Due is null && entry.Details is { AwaitedSignals.Count: > 0 } or { AwaitsChildren: true });

    private void Differ(RunEntry entry, Outcome recorded, string actual, List<string> changed) =>
        differences.Add(
            new ReplayDifference(entry.Id, entry.Step, entry.From!, entry.At, $"{recorded}", actual, changed)
        );

    private string DetailsOf(ReplayDifference difference)
    {
        var visits = FlowVisit.Of(export.Entries.TakeWhile(entry => entry.Id < difference.Entry));
        return $"Path until then:\n{RunText.Path(visits)}\n\nDiagram (> is here, * has been there):\n"
            + DiagramText.Of(definition, visits, difference.State, $"went {difference.Expected}");
    }
}
