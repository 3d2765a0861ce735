using GopherFlow.Definitions;
using GopherFlow.Ordering;
using GopherFlow.Scripting;

namespace GopherFlow.Demo.Tests;

/// <summary>The order process has the same states, kinds, marks and transitions in all three languages and styles.</summary>
public sealed class OrderDiagramTests
{
    [Fact]
    public async Task The_three_ways_to_write_the_order_process_have_the_same_diagram()
    {
        var typed = WorkflowClassReader.Read(typeof(Orders)).Definition;
        var plain = WorkflowClassReader.Read(typeof(PlainOrders)).Definition;
        using var compiler = new ScriptCompiler(ScriptCompilerOptionsModule.defaults);
        var source = ScriptSourceModule.single(
            "OrderScript.fsx",
            await File.ReadAllTextAsync(
                Repository.PathOf("scripts/OrderScript.fsx"),
                TestContext.Current.CancellationToken
            )
        );
        var compiled = await compiler.CompileAsync(source, TestContext.Current.CancellationToken);
        using var script = compiled.ResultValue;

        Assert.All([plain, script.Definition], each => Assert.Equal(Drawn(typed), Drawn(each)));
    }

    /// <summary>Everything that the API and the console show of a definition except its name.</summary>
    private static string[] Drawn(WorkflowDefinition definition) =>
        [definition.Description, DefinitionShape.Of(definition).ToJson(), MermaidText.Of(definition)];
}
