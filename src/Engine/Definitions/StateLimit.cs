using System.Reflection;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>What a workflow needs to know of the limits of a state when it comes there.</summary>
/// <param name="AsksEachTime">
/// Whether every step needs a permit of its own. If not, a workflow that continues at once from another limited state keeps the one it has.
/// </param>
/// <param name="PerKey">Whether permits are counted by key.</param>
public sealed record StateLimit(bool AsksEachTime, bool PerKey)
{
    /// <summary>The same for a state with these limits of its own and of its type; null when it has none.</summary>
    internal static StateLimit? Of(IReadOnlyList<WorkflowLimit> own, IReadOnlyList<WorkflowLimit> ofType) =>
        own.Count + ofType.Count == 0
            ? null
            : new(
                own.Count > 0 || ofType.Any(limit => limit.Span is not null),
                own.Concat(ofType).Any(limit => limit.PerKey)
            );

    /// <summary>The limits that a class or a method declares.</summary>
    internal static IReadOnlyList<WorkflowLimit> DeclaredOn(MemberInfo member) =>
        [
            .. member
                .GetCustomAttributes<ConcurrencyAttribute>()
                .Select(limit => WorkflowLimit.Concurrency(limit.Count, limit.PerKey)),
            .. member
                .GetCustomAttributes<RateLimitAttribute>()
                .Select(limit => WorkflowLimit.Rate(limit.Count, limit.Per, limit.PerKey)),
        ];
}
