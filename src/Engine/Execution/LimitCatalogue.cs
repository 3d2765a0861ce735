using System.Collections.Concurrent;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Execution;

/// <summary>
/// The limits of each type: those of the definition that any process saved last. Results are cached for three seconds.
/// </summary>
internal sealed class LimitCatalogue(IWorkflowStore store, TimeProvider process)
{
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(3);
    private static readonly LimitSet Unlimited = new(
        [],
        new Dictionary<string, IReadOnlyList<Authoring.WorkflowLimit>>()
    );

    private readonly ConcurrentDictionary<string, (long Asked, LimitSet Limits)> known = new();

    /// <summary>The limits of a type; none if there is no definition of that name.</summary>
    public async ValueTask<LimitSet> LimitsOfAsync(string workflowType, CancellationToken cancellation)
    {
        if (known.TryGetValue(workflowType, out var answer) && process.GetElapsedTime(answer.Asked) < CacheDuration)
        {
            return answer.Limits;
        }

        var asked = process.GetTimestamp();
        var saved = await store.FindDefinitionAsync(workflowType, cancellation);
        var limits = saved is null ? Unlimited : LimitsOf(DefinitionShape.Parse(saved.Shape));
        known[workflowType] = (asked, limits);
        return limits;
    }

    private static LimitSet LimitsOf(DefinitionShape shape) =>
        new(
            LimitShape.LimitsOf(shape.Limits),
            shape
                .States.Where(state => state.Limits is not null)
                .ToDictionary(state => state.Name, state => LimitShape.LimitsOf(state.Limits), StringComparer.Ordinal)
        );
}
