namespace GopherFlow.Behaviour;

/// <summary>The C# and the F# of a scenario describe the same machine.</summary>
public sealed class ShapeTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Both_languages_declare_the_same_machine(string scenario)
    {
        var inCSharp = await DefinitionsAsync(scenario, Language.CSharp);
        var inFSharp = await DefinitionsAsync(scenario, Language.FSharp);

        Assert.Equal(inCSharp.Select(definition => definition.Name), inFSharp.Select(definition => definition.Name));
        Assert.Equal(inCSharp.Select(MermaidText.Of), inFSharp.Select(MermaidText.Of));
        Assert.Equal(inCSharp.Select(ShapeOf), inFSharp.Select(ShapeOf));
    }

    [Fact]
    public void Every_script_belongs_to_a_scenario_and_no_scenario_is_forgotten()
    {
        Assert.Equal(
            CompiledScripts.Names.Order(StringComparer.Ordinal),
            Scenarios.All.SelectMany(scenario => scenario.Scripts).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            typeof(Scenario).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Scenario))),
            Scenarios.All.Count
        );
    }

    private static async Task<IReadOnlyList<WorkflowDefinition>> DefinitionsAsync(string scenario, Language language)
    {
        var flow = new GopherFlowRegistration();
        (await Scenarios.Named(scenario).InAsync(language))(flow);
        return flow.Build().All;
    }

    /// <summary>Retry policies and timeouts are not in the picture.</summary>
    private static string ShapeOf(WorkflowDefinition definition) => DefinitionShape.Of(definition).ToJson();
}
