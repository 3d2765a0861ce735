using GopherFlow.Authoring;
using GopherFlow.Engine.Tests.Execution;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Operations;

/// <summary>Changing the variables of a workflow by hand, on every store.</summary>
public sealed class ChangeVariablesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task Variables_change_together_and_only_if_they_have_the_expected_values(StoreKind kind)
    {
        await using var engine = await EngineHarness.StartAsync(
            kind,
            g => g.AddDefinition(Machines.OneState("W", _ => NextState.GoTo("Ask")))
        );
        var id = await engine.CreateAsync("W", variables: Variables.Parse("""{"a":{"x":1,"y":[2]},"b":"2"}"""));
        await engine.UntilAsync(id, WorkflowStatus.Waiting);
        VariableChange[] late = [new("b", null), new("a", "3") { Expected = new("""{"x":1}""") }];
        VariableChange[] wrong = [new("c", "1") { Expected = new("1") }];
        VariableChange[] right =
        [
            new("a", "3") { Expected = new("""{ "y": [2], "x": 1 }""") },
            new("b", null),
            new("c", "null") { Expected = new(null) },
        ];

        Assert.Equal(OperationVerdict.Conflict, (await ChangeAsync(late)).Verdict);
        Assert.Equal(OperationVerdict.Conflict, (await ChangeAsync(wrong)).Verdict);
        Assert.Equal("""{"a":{"x":1,"y":[2]},"b":"2"}""", (await engine.FindAsync(id)).StateVars);
        Assert.Equal(OperationVerdict.Changed, (await ChangeAsync(right)).Verdict);

        Assert.Equal("""{"a":3,"c":null}""", (await engine.FindAsync(id)).StateVars);

        Task<OperationResult> ChangeAsync(VariableChange[] changes) =>
            engine.Interventions.ChangeVariablesAsync(id, changes, "ann", Stop);
    }
}
