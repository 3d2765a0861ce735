using FsCheck;
using FsCheck.Fluent;
using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance.Model;

/// <summary>
/// The in-memory store is the model: after the same operations, it and another store have given the same answers and have the
/// same workflows, histories, executors and counts.
/// </summary>
public sealed class ModelTests
{
    private const int Sequences = 25;
    private const int Operations = 40;

    private static readonly Gen<StoreOperation> Operation =
        from kind in Gen.Frequency(
            (3, Gen.Constant(OperationKind.Create)),
            (1, Gen.Constant(OperationKind.CreateAgain)),
            (3, Gen.Constant(OperationKind.CreateClaimed)),
            (6, Gen.Constant(OperationKind.Claim)),
            (8, Gen.Constant(OperationKind.Step)),
            (1, Gen.Constant(OperationKind.StepOfTheOutdated)),
            (6, Gen.Constant(OperationKind.Batch)),
            (2, Gen.Constant(OperationKind.HandBack)),
            (6, Gen.Constant(OperationKind.Happen)),
            (3, Gen.Constant(OperationKind.MoveVersion)),
            (2, Gen.Constant(OperationKind.Repair)),
            (1, Gen.Constant(OperationKind.Heartbeat)),
            (1, Gen.Constant(OperationKind.Restart)),
            (2, Gen.Constant(OperationKind.Pass))
        )
        from first in Gen.Choose(0, 30)
        from second in Gen.Choose(0, 30)
        from third in Gen.Choose(0, 30)
        select new StoreOperation(kind, first, second, third);

    [Theory, OnEveryStore]
    public void A_store_behaves_like_the_in_memory_store(StoreKind kind) =>
        Prop.ForAll(
                Arb.From(Operation.ArrayOf(Operations), Shorter),
                operations =>
                    DifferenceAsync(kind, operations).GetAwaiter().GetResult() is not { } difference
                        ? true
                        : throw new InvalidOperationException(difference)
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(kind == StoreKind.InMemory ? 1 : Sequences));

    /// <summary>The first difference between the store and the model, or null.</summary>
    private static async Task<string?> DifferenceAsync(StoreKind kind, StoreOperation[] operations)
    {
        var (one, other) = (new VirtualClock(A.FirstInstant), new VirtualClock(A.FirstInstant));
        await using var model = await TestStore.OpenAsync(StoreKind.InMemory, one);
        await using var store = await TestStore.OpenAsync(kind, other);
        var (expecting, driving) = (new StoreDriver(model.Workflows, one), new StoreDriver(store.Workflows, other));
        await expecting.StartAsync();
        await driving.StartAsync();
        foreach (var (number, operation) in operations.Index())
        {
            var expected = await expecting.RunAsync(operation);
            var answer = await driving.RunAsync(operation);
            var wanted = await expecting.PictureAsync();
            var picture = await driving.PictureAsync();
            if (wanted.Describe(expected) != picture.Describe(answer))
            {
                return $"Operation {number}, {operation}, is answered\n{picture.Describe(answer)}\nbut the model answers\n{wanted.Describe(expected)}";
            }

            if (
                wanted.Lines.Zip(picture.Lines).FirstOrDefault(pair => pair.First != pair.Second) is
                ({ } want, var have)
            )
            {
                return $"Operation {number}, {operation}, leaves\n{have}\nwhere the model has\n{want}";
            }

            if (wanted.Lines.Count != picture.Lines.Count)
            {
                return $"Operation {number}, {operation}, leaves {picture.Lines.Count} facts, the model {wanted.Lines.Count}";
            }
        }

        await StoreInvariants.CheckAsync(model.Workflows);
        await StoreInvariants.CheckAsync(store.Workflows);
        return null;
    }

    /// <summary>Shrinks a failing sequence: first halves, then all sequences without one operation.</summary>
    private static IEnumerable<StoreOperation[]> Shorter(StoreOperation[] operations)
    {
        if (operations.Length > 1)
        {
            yield return operations[..(operations.Length / 2)];
            yield return operations[(operations.Length / 2)..];
        }

        for (var index = 0; index < operations.Length; index++)
        {
            yield return [.. operations[..index], .. operations[(index + 1)..]];
        }
    }
}
