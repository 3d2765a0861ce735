using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace GopherFlow.Conformance.Setting;

/// <summary>Runs a theory once for each kind of store in <see cref="StoreKinds.Here"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEveryStoreAttribute : DataAttribute
{
    /// <summary>Restricts the theory to stores with a database connection for OnCommit callbacks.</summary>
    public bool WithDatabase { get; set; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    ) =>
        new([
            .. StoreKinds
                .Here.Where(kind => !WithDatabase || kind != StoreKind.InMemory)
                .Select(kind => new TheoryDataRow<StoreKind>(kind)),
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
