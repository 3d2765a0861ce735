using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace GopherFlow.Conformance.Setting;

/// <summary>Runs a theory once for each kind of store. A kind that is added to <see cref="StoreKind"/> is tested with no more said.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEveryStoreAttribute : DataAttribute
{
    /// <summary>Only the kinds that have a connection to give to an OnCommit callback.</summary>
    public bool WithDatabase { get; set; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    ) =>
        new([
            .. Enum.GetValues<StoreKind>()
                .Where(kind => !WithDatabase || kind != StoreKind.InMemory)
                .Select(kind => new TheoryDataRow<StoreKind>(kind)),
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
