using System.Reflection;
using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>How the limits of a state affect a workflow that comes to it.</summary>
/// <param name="AsksEachTime">
/// Whether every step needs a new permit. If not, a workflow that comes directly from another limited state keeps its permit.
/// </param>
/// <param name="PerKey">Whether permits are counted by key.</param>
public sealed record StateLimit(bool AsksEachTime, bool PerKey)
{
    /// <summary>Combines the limits of a state and of its type. Null if there are none.</summary>
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
